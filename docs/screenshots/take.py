"""Take the pictures of docs/screenshots from a running demo hospital.

python docs/screenshots/take.py http://127.0.0.1:8000 'the demo password' [discrepancy checks day-board …]
"""

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.browser.chromium import ARGUMENTS, executable

HERE = Path(__file__).parent
SITE, PASSWORD = sys.argv[1:3]
ASKED = set(sys.argv[3:])


def wants(*names: str) -> bool:
    """Whether one of these pictures is asked for; all are when none is named."""
    return not ASKED or not ASKED.isdisjoint(names)


@contextmanager
def desk(browser: Browser, name: str, theme: str = "light"):
    """A page at 1366×768 in which that person is signed in."""
    context = browser.new_context(
        base_url=SITE, viewport={"width": 1366, "height": 768}, color_scheme=theme, reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    yield page
    context.close()


def picture(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=HERE / f"{name}.png")


def open_drawer(page: Page) -> None:
    """A register of the cashier's, opened with its float of 200.00, unless one is open already."""
    page.goto("/cashiering/my-session/")
    if page.get_by_role("button", name="Open", exact=False).count() and page.locator("#register").count():
        page.locator("form button[data-key=O]").click()
    if page.get_by_role("button", name="Open the register").count():
        for face, pieces in {2000: 5, 1000: 5, 500: 6, 100: 20}.items():
            page.locator(f"#pieces-{face}").fill(str(pieces))
        page.get_by_role("button", name="Open the register").click()


def register(page: Page, number: str) -> None:
    open_drawer(page)
    page.goto("/cashiering/register/")
    page.locator("#q").fill(number)
    page.keyboard.press("Enter")
    page.wait_for_selector("hms-till:defined .till__form")
    page.wait_for_load_state("load")
    page.keyboard.press("F2")
    due = page.locator("#cash").input_value()
    page.locator("#cash").fill(str((int(float(due)) // 50 + 1) * 50))
    picture(page, "register")


def blind_close(page: Page) -> None:
    open_drawer(page)
    page.goto("/cashiering/my-session/")
    if page.get_by_role("button", name="Count and close").count():
        page.get_by_role("button", name="Count and close").click()
    for face, pieces in {10000: 1, 5000: 2, 2000: 7, 1000: 5, 500: 6, 100: 23, 25: 3}.items():
        page.locator(f"#pieces-{face}").fill(str(pieces))
    picture(page, "blind-close")


def discrepancy(page: Page) -> None:
    """The first one whose line has candidates to choose from."""
    page.goto("/reconciliation/discrepancies/")
    for address in [link.get_attribute("href") for link in page.locator(".item[data-item]").all()]:
        page.goto(address)
        if page.locator("legend:has-text('Candidates')").count():
            page.keyboard.press("1")
            break
    else:
        page.locator(".item[data-item]", has_text="Open").last.click()
    page.wait_for_timeout(500)
    picture(page, "discrepancy")


def at(page: Page, address: str, name: str) -> None:
    page.goto(address)
    picture(page, name)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        if wants("invoice", "register"):
            with desk(browser, "billing.dan") as page:
                page.goto("/billing/invoices/?state=ISSUED&kind=PATIENT")
                north = page.locator("#invoices tbody tr:has-text('NORTH-') th a").first
                number = north.inner_text().strip()
                north.click()
                picture(page, "invoice")
            with desk(browser, "cashier.ana") as page:
                register(page, number)
        if wants("blind-close"):
            with desk(browser, "cashier.ben") as page:
                blind_close(page)
        if wants("control-room"):
            with desk(browser, "headcashier.cora") as page:
                at(page, "/cashiering/control-room/", "control-room")
        for theme in ("light", "dark") if wants("home-light", "home-dark") else ():
            with desk(browser, "reviewer.eve", theme) as page:
                picture(page, f"home-{theme}")
        if wants("discrepancy", "checks", "tolerance"):
            with desk(browser, "reviewer.eve") as page:
                discrepancy(page)
                at(page, "/reconciliation/samples/", "checks")
                page.goto("/reconciliation/tolerances/")
                page.locator("tbody th a").last.click()
                picture(page, "tolerance")
        if wants("learnt-rule"):
            with desk(browser, "controller.gil") as page:
                page.goto("/reconciliation/rules/")
                page.locator("tbody th a").first.click()
                picture(page, "learnt-rule")
        if wants("day-board", "day"):
            with desk(browser, "approver.finn") as page:
                at(page, "/reconciliation/days/", "day-board")
                page.locator("td a:has-text('Bank')").first.click()
                page.wait_for_selector("#totals table")
                picture(page, "day")
        if wants("trial-balance"):
            with desk(browser, "controller.gil") as page:
                month = f"{datetime.now(UTC):%Y-%m}-01"
                at(page, f"/ledger/trial-balance/?since={month}", "trial-balance")
        if wants("period-close"):
            with desk(browser, "controller.gil") as page:
                page.goto("/ledger/periods/")
                page.locator("tbody tr:has-text('Soft closed') th a").first.click()
                picture(page, "period-close")
        if wants("clearing", "receivables", "cut-off"):
            with desk(browser, "auditor.hana") as page:
                at(page, "/ledger/open-items/", "clearing")
                at(page, "/ledger/receivables/", "receivables")
                at(page, "/reconciliation/cut-off/", "cut-off")
        if wants("audit"):
            with desk(browser, "auditor.hana") as page:
                at(page, "/audit/", "audit")
        browser.close()


main()
