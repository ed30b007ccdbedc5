# The project's one door. `make` lists what there is; the README has the same for a machine without make.
PY ?= python3
PORT ?= 8000
SERVE ?= 1
T ?=
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
UV_VERSION = 0.13.9
.DEFAULT_GOAL := help
.PHONY: help demo test lint types imports check bench spark lock catalogue clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/bin/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PY=/path/to/python3.11"; exit 1; }
	@$(PY) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing (on Debian: apt install python3-venv)"; exit 1; }

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the site needs (pinned, with hashes) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@echo "Installing what the tests need (pinned, with hashes) ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: .venv/.run ## Simulate a whole round, print the result and serve the site (SERVE=0 stops before serving; PORT=8000)
	@.venv/bin/survey demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

test: .venv/.dev ## Run every check and test (T='tests/unit -k routing' runs a part)
	@if [ -z "$(T)" ]; then .venv/bin/python -m tests.run; else .venv/bin/python -m pytest $(T); fi

lint: .venv/.dev ## Check style
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

types: .venv/.dev ## Check types
	@.venv/bin/mypy

imports: .venv/.dev ## Check that the rooms import one way
	@.venv/bin/lint-imports

check: lint types imports ## Everything that needs no test run

bench: .venv/.dev ## Measure speed and print the tables of docs/performance
	@.venv/bin/python -m benchmarks

spark: .venv/.dev ## Start a Spark cluster on loopback, kill a worker in mid-run, compare with the local engine (Java 17)
	@.venv/bin/python -m tests.spark_cluster

catalogue: .venv/.dev ## Collect new texts and compile the English catalogue
	@texts=$$(mktemp) && trap 'rm -f $$texts' EXIT && \
	.venv/bin/pybabel -q extract -F babel.cfg --no-location --sort-output --width 100 -o $$texts survey && \
	.venv/bin/pybabel -q update --no-fuzzy-matching --ignore-obsolete --width 100 -i $$texts -d survey/web/translations -l en
	@.venv/bin/pybabel -q compile -d survey/web/translations

.tools/bin/uv:
	@$(PY) -m venv .tools && .tools/bin/pip install -q --disable-pip-version-check uv==$(UV_VERSION)

lock: .tools/bin/uv ## Pin the dependencies again
	@UV_PYTHON_DOWNLOADS=never .tools/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group build pyproject.toml -o requirements.lock
	@UV_PYTHON_DOWNLOADS=never .tools/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what a run made (not the database)
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache test-artifacts
