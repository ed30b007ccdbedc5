"""The site itself: make its database, show it, serve it."""

from __future__ import annotations

import logging

import click

from survey.cli.context import CLOCK, settings
from survey.cli.demo_report import print_demo, progress_bars
from survey.cli.words import say
from survey.services.demo import run_demo
from survey.services.reference import prepare_database
from survey.services.settings import make_secret


@click.command()
def init() -> None:
    """Create the database or bring it forward, and load units and questionnaires. Harmless to repeat."""
    told = settings()
    make_secret(told.instance)
    made, loaded = prepare_database(url=told.database_url, folder=told.instance)
    made.engine.dispose()
    click.echo(
        say(
            f"Cơ sở dữ liệu sẵn sàng: {loaded.units} đơn vị, {len(loaded.questionnaires)} bộ câu hỏi.",
            f"The database is ready: {loaded.units} units, {len(loaded.questionnaires)} questionnaires.",
        )
    )


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site when the round is made.")
@click.option("--port", default=8000, show_default=True)
def demo(serve: bool, port: int) -> None:
    """Simulate a round of each population, compute, score, export and serve. Harmless to repeat."""
    told = settings()
    make_secret(told.instance)
    told = settings()
    with progress_bars() as progress:
        made, result = run_demo(settings=told, clock=CLOCK, progress=progress)
    made.engine.dispose()
    print_demo(result, told, port, serving=serve)
    if serve:
        _serve("127.0.0.1", port)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=16, show_default=True)
def serve(host: str, port: int, threads: int) -> None:
    """Serve the site with waitress; put a proxy with https before it."""
    _serve(host, port, threads)


def _serve(host: str, port: int, threads: int = 16) -> None:
    from waitress import serve as run

    from survey.web import create_app

    # It warns of every request that waits for a thread, which is what a queue is for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    click.echo(say(f"Đang phục vụ tại http://{host}:{port}", f"Serving at http://{host}:{port}"))
    run(
        create_app(),
        host=host,
        port=port,
        threads=threads,
        ident=None,
        channel_timeout=60,
        # Every phone keeps its connection open for that minute; waitress would stop at a hundred.
        connection_limit=1000,
        asyncore_use_poll=True,
        # Behind a proxy the site itself reads as many hops as SURVEY_BEHIND_PROXY says; otherwise none.
        clear_untrusted_proxy_headers=not settings().behind_proxy,
    )
