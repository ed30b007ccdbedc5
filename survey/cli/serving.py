"""Serving the site with waitress, in one process or several on one socket. Not the options (site.py)."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from waitress.server import create_server

from survey.cli.sharing import Shares
from survey.services.settings import Settings
from survey.web import create_app

#: Bytes of a request that are taken in at all; each route refuses sooner what is too long for it.
BODY_LIMIT = 12 << 20
#: A process that gives up sooner cannot serve at all: the site stops and says so.
_SHORTEST_LIFE_S = 2.0
#: How long a process that nobody asks anything sleeps: it may have to take the next connection.
_SLEEP_S = 0.05


def serve_site(told: Settings, *, host: str, port: int, threads: int, processes: int) -> None:
    """Serve until a signal ends it; a process that dies is started again.

    Each process has its own connections and its own memory; what they share is the database and the
    listening socket. SQLite lets one of them write at a time, PostgreSQL many.

    Raises:
        OSError: the port is taken.
        ChildProcessError: a process ended as soon as it began.
    """
    # It warns of every request that waits for a thread, which is what a queue is for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with _listening(host, port) as listening:
        if processes == 1:
            _serve(told, listening, threads)
        else:
            _Workers(told, listening, threads, processes).run()


class _Workers:
    """The processes that serve, and the one that watches them."""

    def __init__(self, told: Settings, listening: socket.socket, threads: int, processes: int) -> None:
        self._told, self._listening, self._threads = told, listening, threads
        self._places, self._shares = range(processes), Shares(processes)
        #: By its process: its place among the others, and when it began.
        self._begun: dict[int, tuple[int, float]] = {}
        self._ending = False

    def run(self) -> None:
        """Start them, and start again each that ends, until a signal comes."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        for place in self._places:
            self._start(place)
        while self._begun:
            ended, status = os.wait()
            place, begun = self._begun.pop(ended)
            if self._ending:
                continue
            # One that was killed is started again; one that gave up at once would only do so again.
            if os.WIFEXITED(status) and time.monotonic() - begun < _SHORTEST_LIFE_S:
                self._end()
                raise ChildProcessError("a serving process ended as soon as it began")
            self._start(place)

    def _start(self, place: int) -> None:
        child = os.fork()
        if child:
            self._begun[child] = place, time.monotonic()
            return
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, _leave)
        try:
            _serve(self._told, self._listening, self._threads, lambda one: self._shares.may_take(place, one))
        except SystemExit:
            os._exit(0)
        except BaseException:
            logging.getLogger(__name__).exception("a serving process failed")
            os._exit(1)
        os._exit(0)

    def _end(self, *_signal: int | FrameType | None) -> None:
        self._ending = True
        for child in self._begun:
            os.kill(child, signal.SIGTERM)


def _leave(*_signal: int | FrameType | None) -> None:
    sys.exit(0)


def _serve(
    told: Settings,
    listening: socket.socket,
    threads: int,
    may_take: Callable[[int], bool] | None = None,
) -> None:
    """Serve; `may_take` says whether a process with so many connections open may take another."""
    server = create_server(
        create_app(told),
        sockets=[listening],
        threads=threads,
        ident=None,
        channel_timeout=60,
        # Every phone keeps its connection open for that minute; waitress would stop at a hundred.
        connection_limit=1000,
        asyncore_use_poll=True,
        # Behind a proxy the site itself reads as many hops as SURVEY_BEHIND_PROXY says; otherwise none.
        clear_untrusted_proxy_headers=not told.behind_proxy,
        # waitress takes a body in whole before the site may refuse it.
        max_request_body_size=BODY_LIMIT,
    )
    if may_take is not None:
        readable, server.adj.asyncore_loop_timeout = server.readable, _SLEEP_S
        server.readable = lambda: may_take(len(server.active_channels)) and readable()
    server.run()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=1024) as listening:
        yield listening
