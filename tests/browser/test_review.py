"""Thirty discrepancies cleared by keyboard alone, and approved by another person's."""

import time
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from reconciliation.commands import reconcile_account, write_note
from reconciliation.models import Discrepancy, DiscrepancyHold, Match, Proposal
from tests.browser.looking import UNDER_STUDY, assert_fits, assert_good_in_both_themes
from tests.make import reconciliation as make

QUEUE = reverse("reconciliation:discrepancy-list")
EACH = 10


@pytest.fixture
def morning(site):
    """Ten credits that two deposits fit, ten unknown ones, ten deposits of which the bank counted less."""
    with time_machine.travel(datetime(2026, 3, 13, 15, 0, tzinfo=UTC), tick=True):
        account = make.bank_account(make.hospital())
        entries = []
        for n in range(1, EACH + 1):
            for _ in range(2):
                make.deposit_in_transit(account.facility, 1_000_00 + n * 13_00, on=make.DAY)
            short = make.deposit_in_transit(account.facility, 700_00 + n * 17_00, on=make.DAY)
            entries.append(make.line(1_000_00 + n * 13_00))
            entries.append(make.line(41_00 + n * 111, counterparty=f"Stranger {n}"))
            entries.append(make.line(700_00 + n * 17_00 - 3_00, short.bag_number))
        make.statement(account, *entries)
        reconcile_account(account=account)
        yield account


class Desk:
    """A person at the review screen who only has a keyboard."""

    def __init__(self, page, query: str) -> None:
        self.page = page
        page.goto(f"{QUEUE}?{query}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def see(self, sign: str) -> None:
        self.page.wait_for_selector(sign)

    def preview(self, *keys: str) -> None:
        """A choice shows its journal. Another one before that ends the request, and the browser complains."""
        with self.page.expect_request_finished(lambda request: "/proposals/" in request.url):
            self.press(*keys)

    def send(self, key: str = "a") -> None:
        """The next one is there when its page is."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(key)


def _pick(desk: Desk) -> None:
    desk.press("1")
    desk.see("#journal td:has-text('General checking account')")
    desk.send()


def test_thirty_discrepancies_are_cleared_and_approved_by_keyboard_alone(morning, signed_in, capsys):
    page = signed_in(make.reviewer(morning.facility))
    began, seconds = time.monotonic(), {}
    for query, work in {
        "kind=AMOUNT_DIFFERENCE": _write_off,
        "kind=UNMATCHED_CREDIT": _pick_or_hold,
    }.items():
        desk = Desk(page, query)
        while Discrepancy.objects.filter(state="OPEN", kind=query[5:]).exists():
            work(desk)
    seconds["reviewer"] = (time.monotonic() - began) / (3 * EACH)
    assert Proposal.objects.filter(verdict=None).count() == 3 * EACH

    page = signed_in(make.approver(morning.facility))
    began = time.monotonic()
    desk = Desk(page, "state=PROPOSED")
    while Proposal.objects.filter(verdict=None).exists():
        desk.send()
    seconds["approver"] = (time.monotonic() - began) / (3 * EACH)

    with capsys.disabled():
        print("\n", ", ".join(f"{who}: {each:.2f} s an item" for who, each in seconds.items()))  # noqa: T201
    assert Match.objects.filter(made_by__isnull=False).count() == 3 * EACH
    assert not Discrepancy.objects.exclude(state="APPROVED").filter(line__isnull=False).exists()


def _write_off(desk: Desk) -> None:
    """The bank counted less cash than the bag said."""
    desk.press("w")
    desk.see("#journal td:has-text('Bank differences written off')")
    offered = desk.page.locator("#cause optgroup").evaluate_all("all => all.map((one) => one.dataset.ending)")
    assert (offered, desk.page.locator("#cause").input_value()) == (["WRITE_OFF"], "")
    desk.press("c")
    desk.page.keyboard.type("The bank counted")
    desk.send("Control+Enter")


def _pick_or_hold(desk: Desk) -> None:
    """The first candidate where there are any; otherwise suspense, because nobody knows the payer."""
    if desk.page.locator("[data-key='1']").count():
        _pick(desk)
    else:
        desk.press("c")
        desk.page.keyboard.type("The payer")
        desk.send("Control+Enter")


def test_several_are_given_away_one_is_rejected_and_one_put_aside_by_keyboard_alone(morning, signed_in):
    eve = make.reviewer(morning.facility)
    desk = Desk(signed_in(eve), "kind=UNMATCHED_CREDIT")
    desk.press("e")
    desk.send("j")
    desk.press("e")
    desk.see("input[name=row]:checked >> nth=1")
    desk.press("Shift+G", "Tab")
    desk.send("Enter")
    assert Discrepancy.objects.filter(owner=eve).count() == 2
    assert desk.page.locator("input[name=row]:checked").count() == 0

    while not desk.page.locator("#candidate").count():
        desk.send("j")
    before = desk.page.locator("#candidate option").count()
    desk.press("r", "Tab")
    desk.page.keyboard.type("another bag")
    desk.send("Enter")
    assert desk.page.locator("#candidate option").count() == before - 1
    assert "kind=UNMATCHED_CREDIT" in desk.page.url

    desk.press("n")
    desk.page.keyboard.type("hang on")
    desk.press("Escape", "h")
    desk.page.keyboard.type("03202026")
    desk.press("Tab", "Tab")
    desk.page.keyboard.type("the bank was asked")
    desk.send("Enter")
    assert DiscrepancyHold.objects.get().until_on == date(2026, 3, 20)
    assert "kind=UNMATCHED_CREDIT" in desk.page.url
    assert "done=" in desk.page.url


def test_what_a_key_opens_is_gone_through_from_there_and_every_key_has_its_words(morning, signed_in):
    desk = Desk(signed_in(make.reviewer(morning.facility)), "kind=UNMATCHED_CREDIT")
    desk.preview("s", "Space")
    desk.see("details[open] input[name=item]:checked")
    desk.preview("m", "Tab", "Space")
    desk.see("details[open] input[name=line]:checked")

    desk.press("?")
    rows = {row.split("\n")[0] for row in desk.page.locator(".keys__row").all_inner_texts()}
    assert {"Id, reference, name, amount", "Next, previous in the list", "Leave a field"} <= rows


def test_the_next_one_comes_without_a_page_load_and_the_back_key_leads_to_the_one_before(morning, signed_in):
    desk = Desk(signed_in(make.reviewer(morning.facility)), "kind=AMOUNT_DIFFERENCE")
    desk.page.evaluate("window.stays = true")
    desk.send("j")
    second = desk.page.url

    _write_off(desk)

    assert desk.page.url != second
    assert "done=" in desk.page.url
    assert desk.page.evaluate("window.stays")
    desk.page.go_back(wait_until="load")
    desk.see("text=Proposed: Write off")
    assert desk.page.url == second


def test_a_refused_form_and_a_lost_network_leave_the_person_at_the_same_one(morning, signed_in):
    desk = Desk(signed_in(make.reviewer(morning.facility)), "kind=AMOUNT_DIFFERENCE")
    here = desk.page.url
    desk.press("w")
    desk.see("#journal td:has-text('Bank differences written off')")
    desk.press("a")
    desk.see(".errors[data-focus]")
    assert desk.page.url == here

    # The browser writes to its console that it is offline.
    UNDER_STUDY.add(desk.page)
    desk.page.context.set_offline(True)
    desk.page.locator("#reason").fill("counted twice")
    desk.press("Control+Enter")

    desk.see("text=What you typed is still here.")
    desk.page.context.set_offline(False)
    UNDER_STUDY.discard(desk.page)
    assert desk.page.locator("#reason").input_value() == "counted twice"
    desk.send("Control+Enter")
    assert Proposal.objects.get().reason == "counted twice"


def test_enter_after_a_reason_sends_back_and_posts_nothing(morning, signed_in):
    desk = Desk(signed_in(make.reviewer(morning.facility)), "kind=AMOUNT_DIFFERENCE")
    _write_off(desk)
    matches = Match.objects.count()

    desk = Desk(signed_in(make.approver(morning.facility)), "state=PROPOSED")
    desk.press("r")
    desk.page.keyboard.type("ask the branch first")
    desk.send("Enter")

    proposal = Proposal.objects.get()
    assert (proposal.verdict, proposal.verdict_reason) == ("REJECTED", "ask the branch first")
    assert Match.objects.count() == matches


def test_long_texts_break_where_they_stand_and_nothing_is_cut(morning, signed_in):
    make.statement(
        morning,
        make.line(2_913_00, "R" * 35, "S" * 35, "T" * 35, counterparty="N" * 70, description="D" * 140),
        statement_id="LONG",
        opening=0,
    )
    reconcile_account(account=morning)
    row = Discrepancy.objects.get(amount_minor=2_913_00)
    eve = make.reviewer(morning.facility)
    write_note(discrepancy_id=row.pk, text="W" * 400, actor=eve)
    page = signed_in(eve)

    page.goto(reverse("reconciliation:discrepancy-detail", args=[row.public_id]))

    hidden = "all => all.map((one) => one.scrollWidth - one.clientWidth)"
    assert page.locator(".split__scroll, .split__scroll .table").evaluate_all(hidden) == [0, 0]
    page.set_viewport_size({"width": 1024, "height": 768})
    assert page.locator(".field:has(#file)").evaluate_all(hidden) == [0]
    page.set_viewport_size({"width": 390, "height": 844})
    assert_fits(page)


def test_the_tables_of_a_tile_stand_apart(morning, signed_in):
    page = signed_in(make.reviewer(morning.facility))

    page.goto(reverse("reconciliation:day-detail", args=[morning.facility.code, make.DAY]) + "?tile=bank")

    first, second = page.locator("#rows .table").all()
    upper, lower = first.bounding_box(), second.bounding_box()
    assert lower["y"] - upper["y"] - upper["height"] >= 12


def test_the_review_screen_is_accessible_in_both_themes(morning, signed_in):
    page = signed_in(make.reviewer(morning.facility))

    page.goto(f"{QUEUE}?kind=UNMATCHED_CREDIT")
    assert_good_in_both_themes(page, "review")
