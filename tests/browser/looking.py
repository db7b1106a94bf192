"""What is asked of every screen: axe finds nothing, nothing scrolls sideways, both themes are drawn."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# While axe studies a page it sets styles of its own; what the browser says then is not the page's fault.
UNDER_STUDY: set[Page] = set()
RULES = {
    "preload": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# All that another theme can make worse.
COLOURS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots"


def assert_accessible(page: Page, rules: dict = RULES) -> None:
    """No finding of axe under WCAG 2.2 A and AA and its best practice, as the page stands now."""
    UNDER_STUDY.add(page)
    found = Axe().run(page, options=rules).response["violations"]
    page.wait_for_timeout(50)
    UNDER_STUDY.discard(page)
    told = [
        f"{rule['id']}: {rule['help']}\n    {node['html'][:160]}\n    {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"][:4]
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)


def assert_fits(page: Page) -> None:
    """Nothing scrolls sideways at the present size."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide}px too wide for {page.viewport_size}"


def in_theme(page: Page, theme: str) -> Page:
    """The same page again as somebody sees it whose device prefers light or dark."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    return page


def assert_good_in_both_themes(page: Page, name: str) -> None:
    """Accessible and fitting in light and in dark; keeps a picture of both when asked to."""
    assert_fits(page)
    for theme, rules in (("light", RULES), ("dark", COLOURS)):
        assert_accessible(in_theme(page, theme), rules)
        picture(page, f"{name}-{theme}")


def picture(page: Page, name: str) -> None:
    """Keep a screenshot in var/screenshots when HMS_ACH_SCREENSHOTS is set."""
    if os.environ.get("HMS_ACH_SCREENSHOTS"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        UNDER_STUDY.add(page)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=os.environ["HMS_ACH_SCREENSHOTS"] == "full")
        UNDER_STUDY.discard(page)
