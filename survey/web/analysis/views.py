"""Analysts' pages."""

from __future__ import annotations

from flask import Blueprint

analysis = Blueprint("analysis", __name__, url_prefix="/analysis")
