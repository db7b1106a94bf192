"""One day of the hospital over real HTTP: from the token of a program to the batch of the general ledger."""

import json
from datetime import UTC, datetime, timedelta

from django.core.management import call_command
from playwright.sync_api import Page, expect
from standardwebhooks import Webhook

from cashiering.models import CardBatch, Deposit, Session
from hms_ach import clock
from hms_ach.audit.commands import seal_all
from hms_ach.outbox.commands import deliver
from hms_ach.outbox.queries import due_deliveries
from ledger.queries import trial_balance
from reconciliation.models import Discrepancy, Match
from tests.journeys.hospital import DAY, Hospital
from tests.make import cashiering as till
from tests.make import reconciliation as bank
from tests.make.listener import Listener, listener
from tests.make.program import Program, money

NEXT_MORNING = datetime(2026, 3, 13, 14, 0, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
HEARD = {
    "invoice.issued",
    "invoice.paid",
    "payment.received",
    "session.opened",
    "session.closed",
    "session.approved",
    "cash.over_short",
    "cash_book.written",
    "deposit.moved",
    "reconciliation.matched",
    "discrepancy.opened",
    "gl_batch.approved",
}


def test_a_day_of_money_ties_out_from_the_invoice_to_the_general_ledger(
    site, hospital, desk, clock_hand, settings, tmp_path
):
    settings.WEBHOOK_ALLOW_LOOPBACK = True
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors")
    with listener() as heard:
        engine = Program(site, "engine")
        secret = subscribe(engine, heard)

        split, visit = bill_the_patient(engine), bill_the_visit(engine)
        let_the_insurer_pay(engine, split)
        ana, cora = desk("ana"), desk("cora")
        open_the_register(ana)
        take_cash_with_change(ana, split["number"])
        take_a_card(ana, visit["number"])
        close_blind(ana, cora)
        approve_the_session(cora)
        close_the_card_batch(cora)
        bag = carry_the_bag(cora, desk("eve"))

        clock_hand.move_to(NEXT_MORNING)
        engine = Program(site, "engine")
        send_the_statement(engine, bag)
        eve, finn = desk("eve"), desk("finn")
        upload_the_next_statement(eve, tmp_path)
        match_automatically(eve)
        propose(eve)
        approve(finn)
        close_the_day(finn)

        batch_ties_out(engine, hospital)
        deliver_all()
        everything_was_heard(heard, secret)
    book_and_trail_hold(hospital)


def subscribe(engine: Program, heard: Listener) -> str:
    asked = {"url": heard.url, "event_types": [], "facilities": ["NORTH"]}
    answer = engine.post("/api/ach/webhook-endpoints", asked)
    assert answer.status == 201, answer.content
    return answer.json()["secret"]


def _bill(engine: Program, key: str, amount: str, **who) -> dict:
    asked = {
        "facility": "NORTH",
        "patient": {"mrn": "N1", "family_name": "Okafor", "given_name": "Maya"},
        "lines": [{"service": "99213", "service_on": DAY.isoformat(), "unit_price": money(amount)}],
        **who,
    }
    answer = engine.post("/api/ach/invoices", asked, key=key)
    assert answer.status == 201, answer.content
    return answer.json()


def bill_the_patient(engine: Program) -> dict:
    """125.00, of which the patient owes 85.00 and the insurer the rest."""
    parties = [
        {"kind": "PATIENT", "amount": money("85.00")},
        {"kind": "INSURER", "payer": "AETN", "weight": 1},
    ]
    made = _bill(engine, "bill-split-1", "125.00", parties=parties)
    assert made["total"] == money("85.00")
    return made


def bill_the_visit(engine: Program) -> dict:
    return _bill(engine, "bill-visit-1", "60.00", kind="PATIENT")


def let_the_insurer_pay(engine: Program, split: dict) -> None:
    """The insurer's own invoice is found in the list, and paid by transfer."""
    listed = engine.get("/api/ach/invoices?kind=INSURER").json()["items"]
    assert [row["balance"] for row in listed] == [money("40.00")]
    paid = {
        "facility": "NORTH",
        "method": "transfer",
        "amount": money("40.00"),
        "reference": "E2E-AETN-77",
        "allocations": [{"invoice": listed[0]["id"], "amount": money("40.00")}],
    }
    answer = engine.post("/api/ach/payments", paid, key="insurer-pays-1")
    assert answer.status == 201, answer.content
    assert engine.get(f"/api/ach/invoices/{listed[0]['id']}").json()["state"] == "PAID"


def open_the_register(ana: Page) -> None:
    ana.goto("/cashiering/my-session/")
    ana.get_by_role("button", name="Open").click()
    _count(ana, 200_00)
    ana.get_by_role("button", name="Open the register").click()
    expect(ana.get_by_text("Who pays?")).to_be_visible()


def _count(page: Page, minor: int) -> None:
    for face, number in till.pieces(minor).items():
        if number:
            page.locator(f"#pieces-{face}").fill(str(number))


def take_cash_with_change(ana: Page, number: str) -> None:
    _find(ana, number)
    ana.keyboard.press("F2")
    ana.keyboard.type("100")
    expect(ana.locator("[data-change]")).to_have_text("$15.00")
    ana.keyboard.press("F10")
    expect(ana.locator(".till__change").get_by_text("$15.00")).to_be_visible()


def take_a_card(ana: Page, number: str) -> None:
    _find(ana, number)
    ana.keyboard.press("F3")
    ana.keyboard.press("Enter")
    expect(ana.get_by_role("heading", name="Receipt")).to_be_visible()
    expect(ana.get_by_role("region", name="Receipt")).to_contain_text("$60.00")


def _find(page: Page, number: str) -> None:
    page.goto("/cashiering/register/")
    page.locator("#q").fill(number)
    page.keyboard.press("Enter")
    page.wait_for_selector("hms-till:defined .till__form")
    page.wait_for_load_state("load")


def close_blind(ana: Page, cora: Page) -> None:
    """285.00 should be there; nobody's screen says so until the count, a quarter short, is committed."""
    session = Session.objects.get()
    cora.goto(f"/cashiering/sessions/{session.public_id}/")
    seen = [cora.content(), ana.content()]
    ana.goto("/cashiering/my-session/")
    ana.get_by_role("button", name="Count and close").click()
    ana.wait_for_selector("#pieces-10000")
    cora.reload()
    seen += [cora.content(), ana.content()]
    assert not any("285.00" in page for page in seen)

    _count(ana, 284_75)
    ana.get_by_role("button", name="Commit the count").click()
    expect(ana.get_by_text("$285.00")).to_be_visible()
    assert Session.objects.get().counted_minor == 284_75


def approve_the_session(cora: Page) -> None:
    cora.reload()
    cora.get_by_role("button", name="Approve the session").click()
    expect(cora.get_by_text("The cash is in the safe")).to_be_visible()


def close_the_card_batch(cora: Page) -> None:
    cora.goto("/cashiering/card-batches/")
    cora.get_by_role("button", name="Close").click()
    expect(cora.get_by_text("is closed. The acquirer pays it")).to_be_visible()
    batch = CardBatch.objects.get()
    assert batch.gross_minor == batch.terminal_gross_minor == 60_00


def carry_the_bag(cora: Page, eve: Page) -> Deposit:
    """Cora seals 84.75; she is not offered to verify it, Eve of finance is."""
    cora.goto("/cashiering/deposits/new/NORTH/")
    cora.get_by_label("Cash counted").fill("84.75")
    cora.get_by_label("Bag number").fill("BAG000077")
    cora.get_by_label("Slip number").fill("SLIP000078")
    cora.get_by_role("button", name="Seal the bag").click()
    expect(cora.get_by_role("heading", name="Bag BAG000077")).to_be_visible()
    expect(cora.get_by_role("button", name="verify")).to_have_count(0)

    eve.goto(cora.url)
    eve.get_by_role("button", name="I counted it: verify").click()
    expect(eve.get_by_text("Verified.")).to_be_visible()
    cora.reload()
    cora.get_by_label("Courier").fill("Armoured Ltd")
    cora.get_by_role("button", name="Hand over").click()
    expect(cora.get_by_text("The deposit is in transit")).to_be_visible()
    return Deposit.objects.get()


def send_the_statement(engine: Program, bag: Deposit) -> None:
    """The bank's word of the day: the bag, the insurer's transfer, and 33.10 from nobody known."""
    content = bank.statement_file(
        bank.line(84_75, bag.bag_number, bank_reference="BNK-BAG"),
        bank.line(40_00, "E2E-AETN-77", bank_reference="BNK-AETN"),
        bank.line(33_10, bank_reference="BNK-WIRE", description="Incoming wire"),
        statement_id="NORTH-0312",
        sequence=1,
    )
    address = "/api/ach/bank-statements/NORTH-OP/NORTH-0312"
    first, again = engine.put(address, content), engine.put(address, content)
    assert (first.status, again.status) == (201, 200), first.content
    assert first.content == again.content
    assert engine.get(address, accept="application/xml").content == content


def upload_the_next_statement(eve: Page, folder) -> None:
    """The card batch, less its contracted fee of 1.18, comes a day later, by the upload screen."""
    line = bank.line(58_82, str(CardBatch.objects.get()), on=NEXT, bank_reference="BNK-CARD")
    file = folder / "NORTH-0313.xml"
    file.write_bytes(
        bank.statement_file(line, statement_id="NORTH-0313", sequence=2, opening=157_85, on=NEXT)
    )
    eve.goto("/reconciliation/statements/upload/")
    eve.locator("input[type=file]").set_input_files(file)
    eve.get_by_role("button", name="Read the file").click()
    expect(eve.get_by_text("$216.67")).to_be_visible()
    eve.get_by_role("button", name="Take it in").click()
    expect(eve.get_by_text("The file was taken in")).to_be_visible()


def match_automatically(eve: Page) -> None:
    eve.goto("/reconciliation/discrepancies/")
    eve.get_by_role("button", name="Match now").click()
    expect(eve.get_by_text("3 matched, 1 discrepancy opened")).to_be_visible()
    assert sorted(Match.objects.values_list("pass_name", flat=True)) == ["reference"] * 3


def propose(eve: Page) -> None:
    """Eve holds the unknown credit in suspense; the decision is not hers."""
    found = Discrepancy.objects.get()
    eve.goto(f"/reconciliation/discrepancies/{found.public_id}/")
    eve.get_by_role("radio", name="Suspense").check()
    eve.get_by_label("Cause").select_option("PAYER_UNKNOWN")
    eve.get_by_label("More in words").fill("The payer was asked; held until it is identified")
    eve.get_by_role("button", name="Propose").click()
    expect(eve.get_by_text("Another person approves it.").first).to_be_visible()
    eve.goto(f"/reconciliation/discrepancies/{found.public_id}/")
    expect(eve.get_by_role("button", name="Approve")).to_have_count(0)
    button = eve.get_by_role("button", name="Withdraw")
    button.evaluate("button => { button.value = 'approve'; }")
    button.click()
    expect(eve.get_by_text("Your role does not allow this decision")).to_be_visible()
    assert Discrepancy.objects.get().state == "PROPOSED"


def approve(finn: Page) -> None:
    finn.goto("/reconciliation/discrepancies/")
    finn.get_by_role("button", name="Approve $33.10").click()
    expect(finn.get_by_text("Approved: unmatched bank credit")).to_be_visible()


def close_the_day(finn: Page) -> None:
    finn.goto(f"/reconciliation/days/NORTH/{DAY}/")
    finn.get_by_role("button", name="Close the day").click()
    expect(finn.get_by_text("Final.", exact=True)).to_be_visible()


def batch_ties_out(engine: Program, hospital: Hospital) -> None:
    """The batch gives the same bytes each time, and each account's total is the trial balance's."""
    listed = engine.get(f"/api/ach/gl-batches?facility=NORTH&since={DAY}&until={DAY}").json()["items"]
    address = f"/api/ach/gl-batches/{listed[0]['id']}"
    whole = engine.get(address)
    as_csv = engine.get(address, accept="text/csv")
    assert whole.content == engine.get(address).content
    assert as_csv.content == engine.get(f"{address}?layout=csv", accept="*/*").content
    assert as_csv.content.count(b"\r\n") == len(whole.json()["lines"]) + 2

    totals: dict[str, int] = {}
    for line in whole.json()["lines"]:
        minor = _minor(line["functional_debit"]) - _minor(line["functional_credit"])
        totals[line["account"]] = totals.get(line["account"], 0) + minor
    balance = trial_balance(legal_entity=hospital.facility.legal_entity, as_of=DAY)
    assert totals == {row.number: row.balance.minor for row in balance.rows}
    assert sum(totals.values()) == 0


def _minor(text: str) -> int:
    return int(text.replace(".", "") or 0)


def deliver_all() -> None:
    """What the worker does, until nothing is owed."""
    while due := due_deliveries(now=clock.now()):
        for delivery_id in due:
            deliver(delivery_id=delivery_id)


def everything_was_heard(heard: Listener, secret: str) -> None:
    """Every signature holds with the secret that was shown once, and with no other."""
    events = [Webhook(secret).verify(body, headers) for headers, body in heard.received]
    kinds = [event["type"] for event in events]
    assert set(kinds) == HEARD
    assert [kinds.count(kind) for kind in ("invoice.issued", "invoice.paid", "payment.received")] == [3, 3, 3]
    assert kinds.count("reconciliation.matched") == 4
    assert all(json.loads(body)["facility"] == "NORTH" for _headers, body in heard.received)


def book_and_trail_hold(hospital: Hospital) -> None:
    balance = trial_balance(legal_entity=hospital.facility.legal_entity, as_of=NEXT)
    assert balance.is_balanced
    assert sum(row.balance.minor for row in balance.rows) == 0
    seal_all()
    call_command("verify_audit")
