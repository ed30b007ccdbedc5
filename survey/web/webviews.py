"""Browsers inside other apps (K22): known by what they say of themselves, offered a way out, not refused."""

from __future__ import annotations

import re

#: Zalo; Facebook and Messenger; Instagram; TikTok; Line; WeChat; Android's WebView of any other app.
_IN_APP = re.compile(
    r"\bZalo|\bFB(AN|AV|IOS)\b|Instagram|musical_ly|BytedanceWebview|\bLine/|MicroMessenger|; wv\)"
)


def in_app_browser(user_agent: str) -> bool:
    """Say whether a page is shown inside another app."""
    return _IN_APP.search(user_agent) is not None
