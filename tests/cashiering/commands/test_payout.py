"""A processor's report beside our batches: what agrees is awaited as one sum, the rest waits for people."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from cashiering.commands import (
    accept_payout,
    check_payout,
    close_card_batch,
    confirm_chargeback_win,
    confirm_payment_return,
    report_chargeback_win,
    report_payment_return,
    set_merchant_agreement,
    take_payout_report,
    withdraw_payout,
)
from cashiering.commands.payout import (
    PayoutAcceptedByRecorder,
    PayoutDecided,
    PayoutPaid,
    PayoutUnexplained,
)
from cashiering.models import Payout, PayoutRow
from cashiering.queries import awaiting_bank
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from hms_ach.refusal import FileRejected
from ledger.queries import control_totals
from reconciliation.commands import reconcile_account, undo_match
from reconciliation.models import Match
from tests.make import cashiering as make
from tests.make import reconciliation as bank

NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
HEAD = "payout,paid_on,merchant,type,terminal,batch,case,gross,fee,chargebacks,net"
pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def till():
    with clock.at(NOON):
        yield merchant()


def merchant():
    """One who keeps 2.5 %, with a closed batch of 60.00."""
    till = make.till()
    set_merchant_agreement(
        facility=till.facility, merchant_id="445501", fee_basis_points=250, fee_fixed_minor=0,
        settlement_days=1, starts_on=bank.DAY, actor=till.gil,
    )  # fmt: skip
    till.session = make.opened(till)
    till.sale = make.paid(till.session, till, make.card(60_00))
    till.batch = close_card_batch(batch=till.sale.tenders.get().card_batch, actor=till.gil)
    till.eve = bank.reviewer(till.facility)
    return till


def row(till, gross: str, fee: str, net: str, **more: str) -> str:
    batch = {"type": "batch", "terminal": till.batch.terminal_id, "batch": f"{till.batch.number:06}"}
    said = batch | {"case": "", "chargebacks": ""} | more
    about = [said[name] for name in ("type", "terminal", "batch", "case")]
    return ",".join(("PO-77", "2026-03-13", "445501", *about, gross, fee, said["chargebacks"], net))


def take(till, *rows: str, actor: User | None = None) -> Payout:
    content = "\n".join((HEAD, *rows)).encode()
    taken = take_payout_report(
        content=content, name="payout.csv", facility=till.facility, actor=actor or till.eve
    )
    return taken.payouts[0]


def charged_back(till, minor: int = 25_00, case: str = "CB-2201"):
    found = report_payment_return(
        tender=till.sale.tenders.get(), reason="FRAUD", amount=usd(minor), returned_on=bank.DAY,
        bank_reference=case, actor=till.eve,
    )  # fmt: skip
    return confirm_payment_return(payment_return=found, actor=till.gil)


def ties_out(till) -> bool:
    roles = ("card.clearing", "suspense.unidentified")
    totals = control_totals(legal_entity=till.facility.legal_entity, on=bank.DAY, roles=roles)
    return len(totals) > 0 and not any(total.difference for total in totals)


def test_a_report_that_agrees_is_awaited_as_one_sum_and_paid_by_the_banks_line(till):
    payout = take(till, row(till, "60.00", "1.50", "58.50"))
    assert (payout.state, payout.rows.get().problem) == ("AWAITED", "")
    assert [(one.kind, one.amount.minor, one.references) for one in awaiting_bank()] == [
        ("card_payout", 58_50, ["PO-77"])
    ]
    assert make.balance(till, "card.clearing", till.batch.public_id) == usd(0)
    assert make.balance(till, "card.clearing", payout.public_id) == usd(58_50)
    assert make.balance(till, "fee.merchant") == usd(1_50)
    assert ties_out(till)
    account = bank.bank_account(till.facility)
    bank.statement(account, bank.line(58_50, "PO-77"))

    reconcile_account(account=account)

    payout.refresh_from_db()
    till.batch.refresh_from_db()
    assert (payout.state, payout.bank_confirmed_on) == ("PAID", bank.DAY)
    assert (till.batch.state, till.batch.settled_on) == ("SETTLED", bank.DAY)
    assert make.balance(till, "card.clearing", payout.public_id) == usd(0)
    assert [one.type for one in Event.objects.filter(subject=payout.public_id).order_by("id")] == [
        "payout.agreed", "payout.recorded",
    ]  # fmt: skip


def test_undoing_the_match_awaits_the_payout_again(till):
    payout = take(till, row(till, "60.00", "1.50", "58.50"))
    account = bank.bank_account(till.facility)
    bank.statement(account, bank.line(58_50, "PO-77"))
    reconcile_account(account=account)
    with pytest.raises(PayoutPaid):
        withdraw_payout(payout=payout, reason="Wrong", actor=till.gil)

    undo_match(match_id=Match.objects.get().pk, reason="Wrong", actor=till.gil)

    payout.refresh_from_db()
    till.batch.refresh_from_db()
    assert (payout.state, till.batch.state, till.batch.settled_on) == ("AWAITED", "CLOSED", None)


def test_chargebacks_taken_and_won_are_netted(till):
    taken = charged_back(till)
    won = report_chargeback_win(chargeback=taken, won_on=bank.DAY, bank_reference="CB-9", actor=till.eve)
    confirm_chargeback_win(win=won, actor=till.gil)
    payout = take(
        till,
        row(till, "60.00", "1.50", "33.50", case="CB 2201", chargebacks="25.00"),
        row(till, "", "", "25.00", type="won", terminal="", batch="", case="cb-9", chargebacks="-25.00"),
    )

    assert (payout.state, payout.net_minor) == ("AWAITED", 58_50)
    for part in (till.batch, taken, won):
        assert make.balance(till, "card.clearing", part.public_id) == usd(0)
    assert ties_out(till)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"gross": "61.00", "net": "59.50"}, "Our receipts say 60.00"),
        ({"batch": "999"}, "No batch of ours has the number 999"),
        ({"terminal": "", "batch": "X"}, "X is no number of a batch"),
        ({"case": "CB-1", "chargebacks": "5.00", "net": "53.50"}, "No chargeback of ours has case CB-1"),
        ({"chargebacks": "5.00", "net": "53.50"}, "No chargebacks of ours fit"),
    ],
)  # fmt: skip
def test_what_differs_from_ours_moves_nothing_and_is_never_accepted(till, change, problem):
    said = {"gross": "60.00", "fee": "1.50", "net": "58.50"} | change
    payout = take(till, row(till, said.pop("gross"), said.pop("fee"), said.pop("net"), **said))

    assert payout.state == "DIFFERS"
    assert payout.rows.get().problem.startswith(problem)
    assert [one.kind for one in awaiting_bank()] == ["card_batch"]
    with pytest.raises(PayoutUnexplained):
        accept_payout(payout=payout, reason="It must be so", actor=till.gil)


def test_a_fee_beyond_the_contract_waits_for_another_person(till):
    payout = take(till, row(till, "60.00", "2.00", "58.00"))
    assert (payout.state, payout.rows.get().fee_over_minor) == ("DIFFERS", 50)
    with pytest.raises(PayoutAcceptedByRecorder):
        accept_payout(payout=payout, reason="New price list", actor=till.eve)

    payout = accept_payout(payout=payout, reason="New price list", actor=till.gil)

    assert (payout.state, payout.accepted_by) == ("AWAITED", till.gil)
    assert make.balance(till, "fee.merchant") == usd(2_00)
    with pytest.raises(PayoutDecided):
        accept_payout(payout=payout, reason="Again", actor=till.gil)


def test_what_was_put_right_agrees_when_it_is_checked_again(till):
    payout = take(till, row(till, "60.00", "1.50", "33.50", case="CB-2201", chargebacks="25.00"))
    assert payout.state == "DIFFERS"
    charged_back(till)

    assert check_payout(payout=payout, actor=till.eve).state == "AWAITED"


def test_a_payout_whose_batches_the_bank_showed_before_posts_nothing(till):
    account = bank.bank_account(till.facility)
    bank.statement(account, bank.line(58_50, str(till.batch)))
    reconcile_account(account=account)

    payout = take(till, row(till, "60.00", "1.50", "58.50"))

    assert payout.state == "KNOWN"
    assert make.balance(till, "card.clearing", payout.public_id) == usd(0)


def test_a_payout_of_nothing_but_fees_waits_for_another_person(till):
    fee = row(till, "", "19.00", "-19.00", type="fee", terminal="", batch="")
    payout = take(till, fee)
    assert (payout.state, payout.rows.get().fee_over_minor) == ("DIFFERS", 19_00)

    payout = accept_payout(payout=payout, reason="The terminals' rent", actor=till.gil)

    assert make.balance(till, "fee.merchant") == usd(19_00)
    assert {(one.kind, one.amount.minor) for one in awaiting_bank()} == {
        ("card_batch", 60_00), ("card_payout", -19_00),
    }  # fmt: skip


@pytest.mark.parametrize(("reference", "minor"), [("PO-78", "25.00"), ("PO-78", "24.00"), ("PO-77", "24.00")])
def test_a_chargeback_that_is_taken_twice_or_otherwise_is_not_known_before(till, reference, minor):
    taken = charged_back(till)
    account = bank.bank_account(till.facility)
    if reference == "PO-78":
        take(till, row(till, "60.00", "1.50", "33.50", case="CB-2201", chargebacks="25.00"))
        bank.statement(account, bank.line(33_50, "PO-77"))
    else:
        bank.statement(account, bank.line(-25_00, "CB-2201"))
    reconcile_account(account=account)
    taken.refresh_from_db()
    assert taken.bank_confirmed_on == bank.DAY

    again = row(
        till, "", "", f"-{minor}", type="chargeback", terminal="", batch="", case="CB-2201", chargebacks=minor
    ).replace("PO-77", reference)
    payout = take(till, again)

    assert payout.state == "DIFFERS"


def test_a_withdrawn_report_awaits_the_batches_by_themselves_and_may_come_again(till):
    payout = take(till, row(till, "60.00", "1.50", "58.50"))

    withdraw_payout(payout=payout, reason="The processor sent another", actor=till.gil)

    assert [one.kind for one in awaiting_bank()] == ["card_batch"]
    assert make.balance(till, "card.clearing", till.batch.public_id) == usd(60_00)
    assert make.balance(till, "fee.merchant") == usd(0)
    assert take(till, row(till, "60.00", "1.50", "58.50")).state == "AWAITED"


def test_the_same_report_again_changes_nothing_and_another_under_its_name_is_refused(till):
    first = take(till, row(till, "60.00", "1.50", "58.50"))

    assert take(till, row(till, "60.00", "1.50", "58.50")).pk == first.pk
    with pytest.raises(FileRejected) as refused:
        take(till, row(till, "60.00", "1.40", "58.60"))
    assert "with other rows" in str(refused.value)


def test_another_hospitals_merchant_is_refused(till):
    with pytest.raises(FileRejected) as refused:
        take(till, row(till, "60.00", "1.50", "58.50").replace("445501", "999"))

    assert refused.value.findings[0].field == "merchant"
    assert not Payout.objects.exists()


def test_the_database_keeps_what_the_report_said(till):
    payout = take(till, row(till, "60.00", "2.00", "58.00"))
    broken = [
        lambda: Payout.objects.filter(pk=payout.pk).update(net_minor=1),
        lambda: PayoutRow.objects.update(gross_minor=1),
        lambda: PayoutRow.objects.all().delete(),
        lambda: Payout.objects.filter(pk=payout.pk).update(
            accepted_by=till.eve, accepted_at=NOON, accept_reason="mine"
        ),
    ]
    accept_payout(payout=payout, reason="New price list", actor=till.gil)
    broken.append(lambda: Payout.objects.filter(pk=payout.pk).update(state="DIFFERS"))
    for attempt in broken:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
