"""The peer of the site: the least Flask view that keeps a JSON body in SQLite durably, under waitress.

It checks nothing, knows no round, no unit, no questionnaire and no receipt. Run as
`python -m benchmarks.bare_site PORT FILE`.
"""

from __future__ import annotations

import sqlite3
import sys
import threading

from flask import Flask, Response, jsonify, request
from waitress import serve

TABLE = "CREATE TABLE IF NOT EXISTS response (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID"


def durable(path: str) -> sqlite3.Connection:
    """Open SQLite as the site opens it: WAL, every commit on the disk before it returns."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(TABLE)
    return connection


def bare_site(path: str) -> Flask:
    """Make the peer."""
    app = Flask(__name__)
    own = threading.local()

    @app.post("/responses")
    def keep() -> tuple[Response, int]:
        if not hasattr(own, "connection"):
            own.connection = durable(path)
        body = request.get_json()
        own.connection.execute(
            "INSERT INTO response VALUES (?, ?)", (body["response_id"], request.get_data(as_text=True))
        )
        return jsonify(kept=body["response_id"]), 201

    return app


if __name__ == "__main__":
    serve(bare_site(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), threads=16, ident=None)
