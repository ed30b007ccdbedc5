"""axe-core on a page as it stands (A1), and whether the page fits a narrow window (WCAG 1.4.10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The narrowest window a page must fit without sideways scroll: 1280 pixels at 400 %.
NARROW: Any = {"width": 320, "height": 640}
_RUN = """async (tags) => {
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"],
    rules: { "target-size": { enabled: true } } });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${rule.help}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
_TOO_WIDE = """() => {
  const page = document.documentElement, over = page.scrollWidth - page.clientWidth;
  if (over <= 0) return [];
  const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > page.clientWidth + 1);
  return [`${over} px too wide: ` + out.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(" ")];
}"""


def violations(page: Page) -> list[str]:
    """Give every violation that axe finds, one line a node. The policy forbids script tags, not this."""
    page.evaluate(AXE)
    return list(page.evaluate(_RUN, TAGS))


def too_wide(page: Page) -> list[str]:
    """Give what makes a page scroll sideways in its window."""
    return list(page.evaluate(_TOO_WIDE))
