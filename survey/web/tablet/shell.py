"""What devices keep for the time without a network: files and empty pages, no answer and no name (O12).

The worker (static/js/sw.js) gets this list at /sw.js. A kiosk's page is added to PAGES, its files to ASSETS.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from flask import current_app, url_for

_WEB = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is kept.

    Attributes:
        under: its addresses begin with this.
        page: the address that is fetched and kept; it must hold nothing of a person.
        first: "kept" shows the kept page at once; "network" only when the network fails.
    """

    under: str
    page: str
    first: str


PAGES: tuple[Page, ...] = (Page("/tablet/", "/tablet/", "kept"), Page("/kiosk/", "/kiosk/", "network"))
#: Files named on those pages: with the version that their address carries there.
NAMED = (
    "css/citizen.css",
    "css/tablet.css",
    "js/tablet/app.js",
    "css/kiosk.css",
    "js/kiosk.js",
    "js/kiosk/visit.js",
    "js/listen.js",
)
#: Files that those name themselves: addresses without a version, fetched anew with each version of the whole.
ASSETS = (
    "icons/faces.svg",
    "js/queue.js",
    "js/sealed_box.js",
    "js/tablet/form.js",
    "js/tablet/interview.js",
    "js/tablet/routing.js",
    "js/tablet/vault.js",
    "fonts/noto-sans-vi-highland.woff2",
    "icons/icons.svg",
    "icons/favicon.svg",
    "icons/app-192.png",
)
#: Templates that make the pages: a change of one is a new version.
TEMPLATES = ("base.html", "citizen.html", "components.html", "tablet/app.html")


@cache
def version() -> str:
    """Name what is kept by a hash of all of it, so that any change is a new version."""
    digest = hashlib.sha256(json.dumps([[asdict(page) for page in PAGES], NAMED, ASSETS]).encode())
    files = [_WEB / "static" / name for name in (*NAMED, *ASSETS, "js/sw.js")]
    files += [_WEB / "templates" / name for name in TEMPLATES]
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def worker_script() -> str:
    """Write the worker with its list before it."""
    addresses = [url_for("static", filename=name) for name in NAMED]
    addresses += [f"{current_app.static_url_path}/{name}" for name in ASSETS]
    told = {"version": version(), "assets": addresses, "pages": [asdict(page) for page in PAGES]}
    assert current_app.static_folder
    script = (Path(current_app.static_folder) / "js" / "sw.js").read_text(encoding="utf-8")
    return f"self.SHELL = {json.dumps(told, ensure_ascii=True)};\n{script}"
