"""What others say the bank will show: taken once, expected, confirmed by the bank, or withdrawn."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from cashiering.commands import (
    TenderGiven,
    approve_refund,
    confirm_bank_receipt,
    fail_refund,
    receive_payment,
    release_refund,
    reopen_bank_receipt,
    send_refund,
    take_advice_file,
    take_back_bank_receipt,
    withdraw_advice,
)
from cashiering.commands.advice import AdviceContradicts, AdviceDone, WithdrawalWithoutReason, record_advice
from cashiering.commands.bank_receipt import NotConfirmedByBank
from cashiering.models import Advice, Refund
from cashiering.queries import awaiting_bank
from cashiering.rules.advised import Advised
from hms_ach.files.models import StoredFile
from hms_ach.money import Money
from hms_ach.refusal import FileRejected
from tests.cashiering.commands.test_refund import asked
from tests.make import access
from tests.make import cashiering as make
from tests.make.advice import DAY, Entry, Payment, ach_file, remittances

pytestmark = pytest.mark.django_db


@pytest.fixture
def till():
    return make.till()


@pytest.fixture
def eve(till):
    return access.user("FINANCE_REVIEWER", facilities=[till.facility])


def taken(till, content: bytes):
    return take_advice_file(content=content, name="file", facility=till.facility, actor=till.gil)


def awaited(till, kind: str):
    return [each for each in awaiting_bank(facility_ids=[till.facility.pk]) if each.kind == kind]


def test_a_remittance_is_expected_by_its_trace_payer_and_day(till):
    taken(till, remittances(Payment("T100")))

    (item,) = awaited(till, "remittance")
    assert (item.amount, item.references, item.payer) == (Money(1250_00, "USD"), ["T100"], "1512345678")
    assert item.clearing_role == "remittance.clearing"
    assert item.earliest_on < item.expected_on == DAY < item.latest_on


def test_the_same_remittance_in_another_file_changes_nothing(till):
    taken(till, remittances(Payment("T100")))

    again = taken(till, remittances(Payment("T100"), Payment("T101"), control=9))

    assert (again.known, len(again.advices), Advice.objects.count()) == (1, 2, 2)


def test_the_same_trace_of_another_payer_is_another_remittance(till):
    taken(till, remittances(Payment("T100"), Payment("T100", payer_id="1777777777")))

    assert len(awaited(till, "remittance")) == 2


@pytest.mark.parametrize("change", [{"amount": "9.00"}, {"on": DAY.replace(day=16)}])
def test_a_trace_that_says_something_else_refuses_the_file(till, change):
    taken(till, remittances(Payment("T100")))

    with pytest.raises(FileRejected, match=r"was announced before, with \$1,250\.00"):
        taken(till, remittances(Payment("T102"), replace(Payment("T100"), **change)))

    assert Advice.objects.count() == 1


def test_notices_and_payments_of_nothing_are_told_and_not_expected(till):
    found = taken(till, remittances(Payment("T1", handling="H"), Payment("T2", amount="0.00", method="NON")))

    assert found.advices == []
    assert [each.problem.partition(":")[0] for each in found.findings] == [
        "only gives notice",
        "pays nothing",
    ]


def test_an_ach_file_is_one_sum_each_way_and_settles_on_its_day(till):
    taken(till, ach_file(Entry(500_00), Entry(25_00), Entry(70_00, "22")))

    items = awaited(till, "ach_file")
    assert [(each.amount.minor, each.clearing_role) for each in items] == [
        (525_00, "transfer.clearing"),
        (-70_00, "refund.clearing"),
    ]
    assert {each.expected_on for each in items} == {DAY}


def test_a_refused_file_is_kept_and_the_same_bytes_are_kept_once(till):
    with pytest.raises(FileRejected):
        taken(till, remittances(Payment("T1", amount="x")))
    taken(till, remittances(Payment("T1")))

    again = taken(till, remittances(Payment("T1")))

    assert (again.known, StoredFile.objects.filter(kind="advice_file").count()) == (1, 2)


def test_neither_x12_nor_ach_is_refused(till):
    with pytest.raises(FileRejected, match="neither an X12 file"):
        taken(till, b"PDF-1.7")


def sent(till, eve, *, reference="091000010000002", key="api") -> Refund:
    """A refund of 70.00 that went to the bank by this number."""
    payment = receive_payment(
        facility=till.facility,
        patient=None,
        allocations=[(make.invoice(till, 70_00).pk, Money(70_00, "USD"))],
        tenders=[TenderGiven("TRANSFER", Money(70_00, "USD"), reference="E1")],
        key=key,
        actor=till.dan,
    )
    refund = approve_refund(refund=asked(payment, 70_00, actor=till.ana, key=key), actor=till.cora)
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=DAY, actor=None)
    release_refund(refund=refund, actor=eve)
    return send_refund(refund=refund, reference=reference, actor=eve)


def test_our_refunds_in_an_ach_file_stay_expected_by_themselves_as_one_batch(till, eve):
    refund = sent(till, eve)

    taken(till, ach_file(Entry(70_00, "22", trace="091000010000002"), Entry(500_00)))

    assert [each.amount.minor for each in awaited(till, "ach_file")] == [500_00]
    (item,) = awaited(till, "refund")
    assert (item.public_id, item.batch) == (refund.public_id, "091000010000001")


def test_a_refund_that_comes_back_is_owed_again_and_expected_anew_when_it_goes_again(till, eve):
    refund = sent(till, eve)
    confirm_bank_receipt(kind="refund", public_id=refund.public_id, on=DAY, actor=None)
    back = Entry(70_00, "21", trace="099", reason="R03", original_trace="091000010000002")
    taken(till, ach_file(back))
    (item,) = awaited(till, "ach_return")
    assert (item.amount.minor, item.clearing_role, item.reference) == (
        70_00,
        "refund.clearing",
        refund.public_id,
    )

    confirm_bank_receipt(kind="ach_return", public_id=item.public_id, on=DAY, actor=None)

    refund.refresh_from_db()
    assert (refund.state, refund.end_reason) == ("FAILED", "Came back: R03")
    release_refund(refund=refund, actor=eve)
    send_refund(refund=refund, reference="SECOND", actor=eve)
    (again,) = awaited(till, "refund")
    assert again.public_id == f"{refund.public_id}.2"
    confirm_bank_receipt(kind="refund", public_id=again.public_id, on=DAY, actor=None)
    refund.refresh_from_db()
    assert refund.state == "SETTLED"


@pytest.mark.parametrize(("references", "minor"), [(["T1"], 60_00), (["T1", "T1"], 70_00)])
def test_a_return_of_another_amount_or_between_equals_names_no_refund(till, eve, references, minor):
    for number, reference in enumerate(references):
        sent(till, eve, reference=reference, key=f"api{number}")

    (row,) = taken(till, ach_file(Entry(minor, "21", reason="R03", original_trace="T1"))).advices

    assert row.original == ""


def test_a_refund_that_went_out_as_its_receivers_number_is_known_by_it_when_it_comes_back(till, eve):
    refund = sent(till, eve, reference="RFD-77")

    back = Entry(70_00, "21", reason="R03", original_trace="091000010000002", individual_id="RFD-77")
    (row,) = taken(till, ach_file(back)).advices

    assert row.original == refund.public_id


def test_a_return_whose_trace_and_receivers_number_name_two_refunds_names_none(till, eve):
    sent(till, eve, reference="T1", key="api1")
    sent(till, eve, reference="RFD-77", key="api2")

    back = Entry(70_00, "21", reason="R03", original_trace="T1", individual_id="RFD-77")
    (row,) = taken(till, ach_file(back)).advices

    assert row.original == ""


def test_a_sending_that_came_back_is_not_undone_once_the_refund_went_again(till, eve):
    refund = sent(till, eve)
    confirm_bank_receipt(kind="refund", public_id=refund.public_id, on=DAY, actor=None)
    taken(till, ach_file(Entry(70_00, "21", reason="R03", original_trace="091000010000002")))
    (item,) = awaited(till, "ach_return")
    confirm_bank_receipt(kind="ach_return", public_id=item.public_id, on=DAY, actor=None)
    release_refund(refund=refund, actor=eve)
    send_refund(refund=refund, reference="SECOND", actor=eve)
    confirm_bank_receipt(kind="refund", public_id=f"{refund.public_id}.2", on=DAY, actor=None)

    with pytest.raises(NotConfirmedByBank):
        reopen_bank_receipt(kind="refund", public_id=refund.public_id, actor=eve)

    reopen_bank_receipt(kind="refund", public_id=f"{refund.public_id}.2", actor=eve)
    refund.refresh_from_db()
    assert refund.state == "SENT"


def test_each_sending_has_a_number_of_its_own_however_the_last_one_came_back(till, eve):
    refund = sent(till, eve)
    confirm_bank_receipt(kind="refund", public_id=refund.public_id, on=DAY, actor=None)
    take_back_bank_receipt(
        kind="refund", public_id=refund.public_id, actor=eve, reason="The bank took it back"
    )
    release_refund(refund=refund, actor=eve)
    send_refund(refund=refund, reference="SECOND", actor=eve)
    confirm_bank_receipt(kind="refund", public_id=f"{refund.public_id}.2", on=DAY, actor=None)
    taken(till, ach_file(Entry(70_00, "21", reason="R03", original_trace="SECOND")))
    (item,) = awaited(till, "ach_return")
    confirm_bank_receipt(kind="ach_return", public_id=item.public_id, on=DAY, actor=None)
    release_refund(refund=refund, actor=eve)
    send_refund(refund=refund, reference="THIRD", actor=eve)

    (third,) = awaited(till, "refund")

    assert third.public_id == f"{refund.public_id}.3"
    with pytest.raises(NotConfirmedByBank):
        reopen_bank_receipt(kind="refund", public_id=f"{refund.public_id}.2", actor=eve)


def test_an_undone_return_leaves_a_refund_failed_that_a_person_said_had_failed(till, eve):
    refund = sent(till, eve)
    taken(till, ach_file(Entry(70_00, "21", reason="R03", original_trace="091000010000002")))
    fail_refund(refund=refund, reason="The payee says so", actor=eve)
    (item,) = awaited(till, "ach_return")
    confirm_bank_receipt(kind="ach_return", public_id=item.public_id, on=DAY, actor=None)

    reopen_bank_receipt(kind="ach_return", public_id=item.public_id, actor=eve)

    refund.refresh_from_db()
    assert (refund.state, refund.settled_on) == ("FAILED", None)


def test_a_return_waits_until_the_bank_has_paid_the_refund_out(till, eve):
    sent(till, eve)

    taken(till, ach_file(Entry(70_00, "21", reason="R03", original_trace="091000010000002")))

    assert awaited(till, "ach_return") == []


def test_an_undone_match_of_a_return_has_the_refund_settled_again(till, eve):
    refund = sent(till, eve)
    confirm_bank_receipt(kind="refund", public_id=refund.public_id, on=DAY, actor=None)
    taken(till, ach_file(Entry(70_00, "21", reason="R03", original_trace="091000010000002")))
    (item,) = awaited(till, "ach_return")
    confirm_bank_receipt(kind="ach_return", public_id=item.public_id, on=DAY, actor=None)

    reopen_bank_receipt(kind="ach_return", public_id=item.public_id, actor=eve)

    refund.refresh_from_db()
    assert refund.state == "SETTLED"
    assert len(awaited(till, "ach_return")) == 1


def test_a_withdrawn_advice_is_expected_no_more_and_its_trace_is_free(till, eve):
    row = taken(till, remittances(Payment("T100"))).advices[0]

    with pytest.raises(WithdrawalWithoutReason):
        withdraw_advice(advice=row, reason=" ", actor=eve)
    withdraw_advice(advice=row, reason="The payer sent it again", actor=eve)

    assert awaited(till, "remittance") == []
    with pytest.raises(AdviceDone):
        withdraw_advice(advice=row, reason="Twice", actor=eve)
    taken(till, remittances(Payment("T100", amount="9.00")))
    assert len(awaited(till, "remittance")) == 1


def test_a_program_announces_once_and_is_refused_when_it_contradicts(till):
    said = Advised("REMITTANCE", Money(5_00, "USD"), "T7", DAY, payer_id="1")
    record_advice(facility=till.facility, advised=said, actor=till.gil)

    assert record_advice(facility=till.facility, advised=said, actor=till.gil)[1]
    with pytest.raises(AdviceContradicts):
        record_advice(
            facility=till.facility, advised=replace(said, amount=Money(6_00, "USD")), actor=till.gil
        )


@pytest.mark.parametrize("column", ["amount_minor", "reference", "expected_on", "kind"])
def test_the_database_lets_nobody_change_what_was_announced(till, column):
    row = taken(till, remittances(Payment("T100"))).advices[0]

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Advice.objects.filter(pk=row.pk).update(**{column: getattr(row, column)})
