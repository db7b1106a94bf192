"""A whole shift by keyboard: open, forty receipts of all kinds, drop, handover, blind close, deposit."""

import sys
from time import perf_counter

import pytest
from django.db.models import Sum
from playwright.sync_api import Page, expect

from billing.models import Invoice
from cashiering.models import CashTransfer, Deposit, Payment, Session, Tender
from cashiering.queries import cash_to_bank, expected_cash
from hms_ach.money import Money
from tests.make import access, billing
from tests.make import cashiering as till

FORM = "hms-till:defined .till__form"
# How each of ten receipts is paid, by its keys after the patient is found; every one is of 40.00.
KINDS = {
    "card": ["F3", "Enter"],
    "exact cash": ["F2", "Enter"],
    "cash with change": ["F2", "5", "0", "F10"],
    "wallet": ["F7", "Enter"],
    "cheque": ["F4", *"1001", "Tab", *"First", "Enter"],
    "transfer": ["F6", *"E2E7", "Enter"],
    "cash and card": ["F2", *"15", "F3", "Enter"],
    "split card, then cash": ["F3", *"25", "F9", "F2", "Enter"],
    "cash, note by note": ["F2", *"100", "Enter"],
    "double Enter": ["F2", "Enter", "Enter"],
}


@pytest.mark.nightly  # it takes as long as its forty receipts
def test_a_whole_shift_by_keyboard(hospital, desk, capsys):
    place = hospital.facility
    access.user("CASHIER", facilities=[place], username="ben", password=access.PASSWORD)
    bills = bills_of(hospital, 4 * len(KINDS))
    ana, ben, cora = desk("ana"), desk("ben"), desk("cora")
    started = perf_counter()

    open_by_keyboard(ana)
    for number, bill in enumerate(bills):
        kind = list(KINDS)[number % len(KINDS)]
        pay_by_keyboard(ana, bill, kind)
    drop(ana, cora)
    session = hand_over(ana, ben)
    close(ben, session)
    approve(desk("gil"))
    carry(cora, desk("eve"))
    took = perf_counter() - started

    with capsys.disabled():
        sys.stdout.write(f"\n{len(bills)} receipts, drop, handover, blind close, deposit: {took:.0f} s\n")
    assert Payment.objects.count() == len(bills)
    assert not Invoice.objects.exclude(state="PAID").exists()
    assert set(Session.objects.values_list("state", flat=True)) == {"DEPOSITED"}


def bills_of(hospital, count: int) -> list[str]:
    """The numbers of that many invoices of 40.00, each of a patient of its own."""
    dan, numbers = hospital.people["dan"], []
    for number in range(count):
        person = billing.patient(hospital.facility, dan, name=f"Maya Okafor{number}")
        numbers.append(billing.issued(hospital.facility, person, dan, 40_00).number)
    return numbers


def open_by_keyboard(page: Page) -> None:
    page.goto("/cashiering/my-session/")
    page.get_by_role("button", name="Open").press("Enter")
    count_by_keyboard(page, 200_00)
    expect(page.get_by_text("Who pays?")).to_be_visible()


def count_by_keyboard(page: Page, minor: int) -> None:
    """Each line's pieces and Enter, from the first, which has the focus, to the button, which sends."""
    page.wait_for_selector("hms-count:defined")
    page.locator("input[data-minor]").first.focus()
    for pieces in till.pieces(minor).values():
        page.keyboard.type(str(pieces or ""))
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def pay_by_keyboard(page: Page, number: str, kind: str) -> None:
    before = Payment.objects.count()
    page.goto("/cashiering/register/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_selector(FORM)
    page.wait_for_load_state("load")
    for key in KINDS[kind]:
        page.keyboard.press(key)
        if key == "F9":
            page.wait_for_selector(".till__line")
    expect(page.get_by_role("heading", name="Receipt"), kind).to_be_visible()
    assert Payment.objects.count() == before + 1, kind


def drop(ana: Page, cora: Page) -> None:
    """Two hundred dollars in a bag, which moves when the head cashier takes it."""
    ana.goto("/cashiering/my-session/movement/?kind=DROP")
    ana.get_by_label("Amount").fill("200")
    ana.get_by_label("Bag number").fill("B1")
    ana.get_by_label("Bag number").press("Enter")
    offered = CashTransfer.objects.get(kind="DROP")
    cora.goto(f"/cashiering/transfers/{offered.public_id}/")
    cora.get_by_role("button", name="Accept").press("Enter")
    expect(cora.get_by_text("Accepted. The cash has moved.")).to_be_visible()


def hand_over(ana: Page, ben: Page) -> Session:
    """Both count the same drawer; the session that ben now has."""
    held = expected_cash(Session.objects.get()).minor
    ana.goto("/cashiering/my-session/handover/")
    for box in ana.locator("input[name=cheque]").all():
        box.press("Space")
    count_by_keyboard(ana, held)
    expect(ana.get_by_text("Offered. The next cashier counts")).to_be_visible()
    offered = CashTransfer.objects.get(kind="HANDOVER")
    ben.goto(f"/cashiering/transfers/{offered.public_id}/")
    count_by_keyboard(ben, held)
    expect(ben.get_by_text("The drawer is taken over. It is yours now.")).to_be_visible()
    return Session.objects.get(cashier__username="ben")


def close(ben: Page, session: Session) -> None:
    """Blind: what should be there is on no page before the count is committed."""
    held = expected_cash(session).minor
    in_words = f"{held // 100}.{held % 100:02}"
    ben.goto("/cashiering/my-session/")
    ben.get_by_role("button", name="Count and close").press("Enter")
    ben.wait_for_selector("hms-count:defined")
    assert in_words not in ben.content()
    count_by_keyboard(ben, held)
    expect(ben.get_by_text(in_words).first).to_be_visible()
    session.refresh_from_db()
    assert session.counted_minor == held


def approve(gil: Page) -> None:
    """Somebody who neither sold nor took the bag."""
    for session in Session.objects.order_by("id"):
        gil.goto(f"/cashiering/sessions/{session.public_id}/")
        for box in gil.locator("input[name=cheque]").all():
            box.press("Space")
        gil.get_by_role("button", name="Approve the session").press("Enter")
        expect(gil.get_by_text("The cash is in the safe")).to_be_visible()


def carry(cora: Page, eve: Page) -> None:
    """What both sessions took lies in one bag, which another person counts."""
    cash = sum(cash_to_bank(session).minor for session in Session.objects.all())
    cora.goto("/cashiering/deposits/new/NORTH/")
    cora.get_by_label("Cash counted").fill(str(Money(cash, "USD")))
    cheques = Tender.objects.filter(kind="CHEQUE").aggregate(sum=Sum("amount_minor"))["sum"]
    cora.get_by_label("Cheques added up").fill(str(Money(int(cheques), "USD")))
    cora.get_by_label("Bag number").fill("BAG000077")
    cora.get_by_label("Slip number").fill("SLIP000078")
    cora.get_by_label("Slip number").press("Enter")
    expect(cora.get_by_role("heading", name="Bag BAG000077")).to_be_visible()
    eve.goto(cora.url)
    eve.get_by_role("button", name="I counted it: verify").press("Enter")
    expect(eve.get_by_text("Verified.")).to_be_visible()
    cora.reload()
    cora.get_by_label("Courier").fill("Armoured Ltd")
    cora.get_by_label("Courier").press("Enter")
    expect(cora.get_by_text("The deposit is in transit")).to_be_visible()
    assert Deposit.objects.get().state == "IN_TRANSIT"
