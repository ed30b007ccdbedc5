"""The site itself: make its database, show it, serve it."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from survey.cli import context
from survey.cli.context import CLOCK, settings
from survey.cli.demo_report import print_demo, progress_bars
from survey.cli.words import say
from survey.services.demo import run_demo
from survey.services.reference import prepare_database
from survey.services.retention import tidy as tidy_site
from survey.services.settings import Settings, make_secret


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
@click.option("--threads", type=click.IntRange(1, 256), default=16, show_default=True)
@click.option(
    "--processes",
    type=click.IntRange(1, 32),
    default=1,
    show_default=True,
    help="Serving processes; as many as the machine has cores serve the most.",
)
def serve(host: str, port: int, threads: int, processes: int) -> None:
    """Serve the site with waitress; put a proxy with https before it."""
    _serve(host, port, threads, processes)


@click.command()
def tidy() -> None:
    """Delete drafts untouched for 30 days, sessions that are over, and old failed sign-ins. Run it daily."""
    done = tidy_site(store=context.store(), clock=CLOCK, actor=context.actor())
    click.echo(
        say(
            f"Đã xóa: {done.drafts} phiếu làm dở, {done.sessions} phiên đăng nhập đã hết, "
            f"{done.failures} lần đăng nhập sai.",
            f"Deleted: {done.drafts} drafts, {done.sessions} sessions that were over, "
            f"{done.failures} failed sign-ins.",
        )
    )


def _serve(host: str, port: int, threads: int = 16, processes: int = 1) -> None:
    # Imported here: other commands need no site.
    from survey.cli.serving import serve_site

    click.echo(say(f"Đang phục vụ tại http://{host}:{port}", f"Serving at http://{host}:{port}"))
    told = _reached_at(settings(), host, port)
    serve_site(told, host=host, port=port, threads=threads, processes=processes)


def _reached_at(told: Settings, host: str, port: int) -> Settings:
    """Let links name the port that is served, unless somebody said how the site is reached."""
    if "PUBLIC_BASE_URL" in os.environ:
        return told
    reached = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  # compared, not bound
    return replace(told, public_base_url=f"http://{reached}:{port}")
