"""Clients over keep-alive sockets, and some of them at once for some seconds.

They speak just enough HTTP/1.1 for waitress on the loopback, so that they cost little beside the
site they measure: `Load.client_cores` says how much. Not a browser.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import urlencode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=]+)=([^;\r]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_HEADERS_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site sent back."""

    status: int
    head: bytes
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        found = _LOCATION.search(self.head)
        assert found, self.head
        return found[1].decode()

    @property
    def wire_bytes(self) -> int:
        return len(self.head) + len(_HEADERS_END) + len(self.body)


class Client:
    """One keep-alive connection with its cookies."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = f"127.0.0.1:{port}"
        self._cookies: dict[bytes, bytes] = {}

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.exchange(self.request("GET", path, headers=headers))

    def post_form(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self.exchange(
            self.request("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        )

    def carry(self, name: str, value: str) -> None:
        """Carry a cookie from now on."""
        self._cookies[name.encode()] = value.encode()

    def post_json(self, path: str, body: bytes) -> Answer:
        return self.exchange(self.request("POST", path, body, "application/json"))

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        kind: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """Write a request as it goes over the wire."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if self._cookies:
            cookies = b"; ".join(name + b"=" + value for name, value in self._cookies.items())
            lines.append(f"Cookie: {cookies.decode()}")
        if method == "POST":
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + _HEADERS_END + body

    def exchange(self, request: bytes) -> Answer:
        """Send a request and wait for all of its answer."""
        self._socket.sendall(request)
        received = self._receive()
        while _HEADERS_END not in received:
            received += self._receive()
        head, _, body = received.partition(_HEADERS_END)
        length = _LENGTH.search(head)
        while length and len(body) < int(length[1]):
            body += self._receive()
        self._cookies.update(_COOKIE.findall(head))
        return Answer(int(head[9:12]), head, body)

    def close(self) -> None:
        self._socket.close()

    def _receive(self) -> bytes:
        received = self._socket.recv(65_536)
        if not received:
            raise ConnectionError("the site closed the connection")
        return received


@dataclass(frozen=True, slots=True)
class Load:
    """What some clients at once saw.

    Attributes:
        done: steps that were acknowledged.
        seconds: from the first step's start to the last one's end.
        latencies: of every step, sorted, in milliseconds.
        client_cores: CPU seconds of the clients' own process per second.
    """

    done: int
    seconds: float
    latencies: tuple[float, ...]
    client_cores: float

    @property
    def per_second(self) -> float:
        return self.done / self.seconds

    def percentile(self, share: float) -> float:
        """Give the latency that a share of the steps did not exceed (ms)."""
        return self.latencies[min(self.done - 1, int(share * self.done))]

    def __str__(self) -> str:
        p50, p95, p99 = (self.percentile(share) for share in (0.50, 0.95, 0.99))
        return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms; clients {self.client_cores:.2f} cores"


def press(clients: int, seconds: float, make: Callable[[int], Callable[[], None]]) -> Load:
    """Let clients do one step after another, all at once, until the time is over.

    Args:
        clients: how many, each in a thread of this process.
        make: called once a client before the clock starts; gives its step, which raises when it is not
            acknowledged.
    """
    steps = [make(number) for number in range(clients)]
    barrier = Barrier(clients)

    def one_client(step: Callable[[], None]) -> list[float]:
        barrier.wait()
        latencies = []
        end = time.perf_counter() + seconds
        while (begun := time.perf_counter()) < end:
            step()
            latencies.append((time.perf_counter() - begun) * 1000)
        return latencies

    begun, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(clients) as pool:
        latencies = sorted(one for many in pool.map(one_client, steps) for one in many)
    elapsed = time.perf_counter() - begun
    return Load(len(latencies), elapsed, tuple(latencies), (time.process_time() - cpu) / elapsed)
