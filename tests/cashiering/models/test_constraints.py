"""What the database itself refuses, by raw SQL as the application."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from cashiering.commands import close_card_batch, force_close, set_merchant_agreement
from cashiering.models import CardBatch
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def refused(sql: str, *params) -> str:
    """The database's own words of refusal."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(error.value)


@pytest.mark.parametrize("table", ["payment", "allocation", "count", "cashmovement"])
def test_rows_that_are_written_once_are_not_changed(table):
    given = make.till()
    make.paid(make.opened(given), given, make.cash(40_00))

    for sql in (f"UPDATE cashiering_{table} SET id = id", f"DELETE FROM cashiering_{table}"):
        said = refused(sql)
        assert "permission denied" in said or "never changed" in said


def test_what_was_tendered_is_not_changed():
    given = make.till()
    make.paid(make.opened(given), given, make.cash(40_00))

    assert "permission denied" in refused("UPDATE cashiering_tender SET amount_minor = 1, tendered_minor = 1")
    assert "permission denied" in refused("DELETE FROM cashiering_tender")


def test_a_second_session_at_a_drawer_or_of_a_cashier_is_refused():
    given = make.till()
    make.opened(given)
    copy = """
        INSERT INTO cashiering_session (public_id, number, register_id, facility_id, cashier_id, business_on,
            currency, state, is_rescue, cash_minor, opened_at, forced_reason)
        SELECT public_id || 'x', number || 'x', {register}, facility_id, {cashier}, business_on,
            currency, state, false, 0, opened_at, '' FROM cashiering_session
    """

    drawer = refused(copy.format(register="register_id", cashier=given.ben.pk))
    other = make.register(given.facility, actor=given.gil)
    cashier = refused(copy.format(register=other.pk, cashier="cashier_id"))

    assert "cashiering_session_one_per_drawer" in drawer
    assert "cashiering_session_one_per_cashier" in cashier


def test_a_forced_session_has_no_count_and_a_committed_count_stays():
    given = make.till()
    session = make.opened(given)
    force_close(session=session, reason="Went home", actor=given.cora)

    zero = refused("UPDATE cashiering_session SET counted_minor = 0")
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    make.counted(other, 200_00)
    changed = refused("UPDATE cashiering_session SET counted_minor = 1 WHERE id = %s", other.pk)

    assert "cashiering_session_counted_when_closed" in zero
    assert "a committed count never changes" in changed


def test_nobody_approves_the_own_session():
    given = make.till()
    session = make.opened(given)
    make.counted(session, 200_00)

    said = refused(
        "UPDATE cashiering_session SET state = 'APPROVED', approved_by_id = cashier_id, approved_at = now()"
    )

    assert "the approver had a hand in this drawer" in said


def test_a_payment_into_a_counting_session_is_refused():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(40_00))
    make.counted(session, 240_00)

    said = refused(
        """
        INSERT INTO cashiering_payment (public_id, key, content_hash, facility_id, session_id, receipt_number,
            currency, total_minor, unapplied_minor, business_on, taken_at, taken_by_id)
        SELECT public_id || 'x', key || 'x', '', facility_id, session_id, receipt_number || 'x',
            currency, 1, 0, business_on, taken_at, taken_by_id FROM cashiering_payment
        """
    )

    assert "the session is not open" in said


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ("'CARD', 10, 15, 5, 1", "cashiering_tender_change_from_cash_only"),
        ("'CASH', 10, 15, 4, NULL", "cashiering_tender_amount_is_tendered_less_change"),
        ("'CARD', 10, 10, 0, NULL", "cashiering_tender_card_in_batch"),
        ("'CHEQUE', 10, 10, 0, NULL", "cashiering_tender_cheque_has_number_and_bank"),
        ("'ACCOUNT', 10, 10, 0, NULL", "cashiering_tender_account_draws_a_credit"),
    ],
)
def test_tenders_that_cannot_be_are_refused(values, constraint):
    given = make.till()
    make.paid(make.opened(given), given, make.cash(40_00))

    said = refused(
        f"""
        INSERT INTO cashiering_tender (payment_id, line, currency, reference, cheque_bank, card_brand,
            card_last4, auth_code, is_wallet, is_health_account, kind, amount_minor, tendered_minor,
            change_minor, card_batch_id, refunded_minor, short_minor, foreign_currency)
        SELECT id, 9, 'USD', '', '', '', '', '', false, false, {values}, 0, 0, '' FROM cashiering_payment
        """
    )

    assert constraint in said


def test_two_agreements_that_hold_on_one_day_are_refused():
    given = make.till()
    agreed = {"facility": given.facility, "merchant_id": "9", "fee_basis_points": 185, "fee_fixed_minor": 10}
    set_merchant_agreement(**agreed, settlement_days=1, starts_on=date(2026, 2, 1), actor=given.gil)
    copy = """
        INSERT INTO cashiering_merchantagreement (facility_id, merchant_id, fee_basis_points, fee_fixed_minor,
            settlement_days, starts_on, ends_on)
        SELECT facility_id, merchant_id, 1, 1, 1, DATE '2026-01-01', DATE %s FROM cashiering_merchantagreement
    """

    assert "cashiering_merchant_agreement_no_overlap" in refused(copy % "'2026-02-02'")
    with connection.cursor() as cursor:
        cursor.execute(copy % "'2026-02-01'")


def test_a_closed_card_batch_stays_as_it_was_closed():
    given = make.till()
    make.paid(make.opened(given), given, make.card(40_00))
    batch = close_card_batch(batch=CardBatch.objects.get(), actor=given.cora)

    for change in (
        "gross_minor = 1",
        "closed_at = now()",
        f"closed_by_id = {given.gil.pk}",
        "closed_at = NULL",
    ):
        said = refused(f"UPDATE cashiering_cardbatch SET {change} WHERE id = %s", batch.pk)
        assert f"this is written once: {change.split(' ')[0]}" in said


def test_who_opened_and_forced_a_session_stays():
    given = make.till()
    session = make.opened(given)
    force_close(session=session, reason="Went home", actor=given.cora)

    said = refused("UPDATE cashiering_session SET forced_by_id = %s WHERE id = %s", given.gil.pk, session.pk)

    assert "this is written once: forced_by_id" in said
    assert "opened_at" in refused("UPDATE cashiering_session SET opened_at = now() WHERE id = %s", session.pk)
