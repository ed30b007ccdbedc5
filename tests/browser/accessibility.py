"""Measures of a page as it stands: what axe-core finds (A1), and what it cannot: width, spacing, sizes, help."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The narrowest window a page must fit without sideways scroll: 1280 pixels at 400 %; and that at 200 %.
NARROW: Any = {"width": 320, "height": 640}
TWICE: Any = {"width": 640, "height": 400}
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
#: Spacing that a reader may ask for (1.4.12), laid over the page as such a reader's browser would.
_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    + " p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet];
  const cut = [...document.querySelectorAll("body *")].filter((e) => {
    const style = getComputedStyle(e);
    return e.getClientRects().length && !e.closest(".visually-hidden, .skip, svg, table, .scroll") && style.overflow === "hidden" && style.clipPath === "none"
      && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1);
  }).map((e) => "cut off when spaced: " + e.outerHTML.slice(0, 120));
  const page = document.documentElement, over = page.scrollWidth - page.clientWidth;
  document.adoptedStyleSheets = [];
  return over > 0 ? [...cut, `${over} px too wide when spaced`] : cut;
}"""
#: A link within a line of text is as large as the text is (2.5.8); a control in a label is as large as that.
_TOO_SMALL = """(least) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((e) => e.getClientRects().length && e.type !== "hidden" && !e.closest(".skip, dialog:not([open])"))
  .filter((e) => !(e.matches("a") && getComputedStyle(e).display === "inline" && e.parentElement.innerText.trim() !== e.innerText.trim()))
  .map((e) => [e, (e.closest("label") || e).getBoundingClientRect()])
  .filter(([e, box]) => box.width + 0.5 < least || box.height + 0.5 < least)
  .map(([e, box]) => `${Math.round(box.width)} x ${Math.round(box.height)} px: ${e.outerHTML.slice(0, 120)}`)"""
_HELP = """() => {
  const foot = document.querySelector("body > footer.colophon"), told = foot ? foot.innerText : "";
  const last = foot && ![...document.body.children].slice([...document.body.children].indexOf(foot) + 1)
    .some((e) => e.matches("main, header, .masthead"));
  return foot && last && told.includes("1022") ? [] : ["the help line is not at the foot: " + told.slice(0, 80)];
}"""


def violations(page: Page) -> list[str]:
    """Give every violation that axe finds, one line a node. The policy forbids script tags, not this."""
    page.evaluate(AXE)
    return list(page.evaluate(_RUN, TAGS))


def too_wide(page: Page) -> list[str]:
    """Give what makes a page scroll sideways in its window."""
    return list(page.evaluate(_TOO_WIDE))


def cut_when_spaced(page: Page) -> list[str]:
    """Give what is cut off, or makes the page scroll sideways, when lines, letters and words stand apart."""
    return list(page.evaluate(_SPACED))


def too_small(page: Page, least: float) -> list[str]:
    """Give the targets that are smaller than a number of CSS pixels in any direction."""
    return list(page.evaluate(_TOO_SMALL, least))


def without_help(page: Page) -> list[str]:
    """Give a line where whom to ask for help does not stand at the foot of the page (3.2.6)."""
    return list(page.evaluate(_HELP))
