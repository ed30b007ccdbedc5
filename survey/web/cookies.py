"""Cookies: each HttpOnly, same-site, and `__Host-` where the site is reached over https."""

from __future__ import annotations

import re

from flask import Response, request

from survey.web.site import site

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def name_of(name: str) -> str:
    return f"__Host-{name}" if site().settings.secure else name


def read(name: str) -> str | None:
    return request.cookies.get(name_of(name))


def write(
    response: Response, name: str, value: str, *, days: int | None = None, strict: bool = False
) -> None:
    """Set a cookie; without `days` it ends with the browser's session.

    Args:
        strict: not sent with a visit that another site led to.
    """
    response.set_cookie(
        name_of(name),
        value,
        max_age=days * 86_400 if days else None,
        secure=site().settings.secure,
        httponly=True,
        samesite="Strict" if strict else "Lax",
        path="/",
    )


def erase(response: Response, name: str) -> None:
    """Take a cookie away; a name that none can have, made from an address, takes nothing."""
    if not _NAME.fullmatch(name):
        return
    response.delete_cookie(
        name_of(name), secure=site().settings.secure, httponly=True, samesite="Lax", path="/"
    )
