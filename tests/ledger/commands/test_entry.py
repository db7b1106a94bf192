"""post_entry and reverse_entry."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hms_ach.access.models import Department
from hms_ach.money import Money
from ledger.commands import (
    AccountInactive,
    EntryAlreadyReversed,
    EntryKeyReused,
    EntryRefused,
    EntryUnbalanced,
    PeriodClosed,
    Posting,
    RateMissing,
    RoleUnassigned,
    decide_role_change,
    hard_close,
    post_entry,
    propose_role_change,
    record_rate,
    reverse_entry,
    soft_close,
)
from ledger.models import Account, Entry, Period
from ledger.queries import balance_of, entry_detail
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def balance(facility, role, **more):
    return balance_of(role, legal_entity=facility.legal_entity, currency="USD", **more)


def test_an_entry_moves_both_roles_in_one_round_trip():
    facility = make.book()

    entry = make.entry(facility, postings=make.lines(125_00, reference="ses_1"))

    assert balance(facility, "cash.drawer", reference="ses_1") == Money(125_00, "USD")
    assert balance(facility, "receivable.patient") == Money(-125_00, "USD")
    stored = Entry.objects.get(pk=entry.pk)
    for field in Entry._meta.concrete_fields:
        assert _plain(getattr(stored, field.attname)) == _plain(getattr(entry, field.attname)), field.name


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def test_the_statement_for_plain_entries_writes_what_the_one_for_all_entries_writes():
    facility = make.book()
    department = Department.objects.create(facility=facility, code="W1", name="Ward 1")
    said = {"reference": "ses_1", "payer_class": "self", "payer": "pat_1", "tender": "CASH"}
    plain = make.lines(125_00, department=department, **said)
    # An account that is named, though the role leads to it as well, is for the other statement.
    accounts = {p.role: p.account for p in make.entry(facility, postings=plain).postings.all()}
    named = [replace(line, account=accounts[line.role]) for line in plain]

    entries = [make.entry(facility, postings=plain), make.entry(facility, postings=named)]

    first, second = (_without_names(entry) for entry in entries)
    assert first == second


def _without_names(entry):
    header = Entry.objects.values().get(pk=entry.pk)
    lines = list(entry.postings.order_by("line").values())
    for row in [header, *lines]:
        for name in ("id", "public_id", "key", "entry_id", "posted_at", "content_hash"):
            row.pop(name, None)
    return header, lines


def test_the_same_key_and_content_answer_the_same_entry():
    facility = make.book()
    first = make.entry(facility, key="payment:1")

    again = make.entry(facility, key="payment:1")

    assert (again.pk, again.public_id, again.posted_at) == (first.pk, first.public_id, first.posted_at)
    assert balance(facility, "cash.drawer") == Money(125_00, "USD")


def test_a_replay_is_answered_even_when_the_period_is_closed_since():
    facility, gil = make.book(), make.person("gil")
    first = make.entry(facility, key="payment:1")
    hard_close(period_id=Period.objects.get().pk, actor=gil)

    assert make.entry(facility, key="payment:1").pk == first.pk


@pytest.mark.parametrize(
    "other",
    [
        {"postings": make.lines(126_00)},
        {"postings": make.lines(reference="ses_2")},
        {"day": date(2026, 3, 13)},
        {"memo": "Receipt 2"},
        {"source": ("payment", "pay_2")},
    ],
)
def test_the_same_key_with_other_content_is_refused(other):
    facility = make.book()
    make.entry(facility, key="payment:1")

    with pytest.raises(EntryKeyReused):
        make.entry(facility, **({"key": "payment:1"} | other))


@pytest.mark.parametrize(
    "postings",
    [
        [],
        make.lines()[:1],
        [Posting("cash.drawer", Money(0, "USD")), Posting("cash.safe", Money(0, "USD"))],
        [Posting("cash.drawer", Money(5, "USD")), Posting("cash.safe", Money(-4, "USD"))],
        [Posting("cash.drawer", Money(5, "USD")), Posting("cash.safe", Money(-5, "EUR"))],
    ],
)
def test_what_does_not_balance_is_refused(postings):
    facility = make.book()

    with pytest.raises(EntryUnbalanced):
        post_entry(
            key="x", facility=facility, effective_on=make.DAY, source=("t", "1"), memo="", postings=postings
        )


@pytest.mark.parametrize("minor", [2**63, 10**24])
def test_an_amount_that_no_column_holds_is_refused_kindly(minor):
    facility = make.book()

    with pytest.raises(EntryRefused) as refused:
        make.entry(facility, postings=make.lines(minor))

    assert "larger than the book can hold" in str(refused.value)


def test_a_day_without_an_open_period_is_refused_and_the_transaction_goes_on():
    facility = make.book()

    with pytest.raises(PeriodClosed) as refused:
        make.entry(facility, day=date(2026, 4, 1))

    assert "not opened yet" in str(refused.value)
    assert make.entry(facility).pk


def test_a_soft_closed_period_takes_adjustments_only():
    facility, gil = make.book(), make.person("gil")
    soft_close(period_id=Period.objects.get().pk, actor=gil)

    with pytest.raises(PeriodClosed) as refused:
        make.entry(facility)

    assert "soft closed" in str(refused.value)
    assert make.entry(facility, source=("adjustment", "adj_1")).pk


def test_an_unassigned_role_is_named_with_its_entity():
    facility = make.book()

    with pytest.raises(RoleUnassigned) as refused:
        make.entry(facility, postings=make.lines(debit="cash.nowhere"))

    assert "cash.nowhere" in str(refused.value)
    assert facility.legal_entity.name in str(refused.value)


def test_an_account_out_of_use_is_refused():
    facility = make.book()
    Account.objects.filter(number="1005").update(active_until=make.DAY)

    with pytest.raises(AccountInactive) as refused:
        make.entry(facility)

    assert "1005" in str(refused.value)


def test_the_facilitys_own_account_goes_before_the_entitys():
    facility = make.book()
    own = Account.objects.create(
        legal_entity=facility.legal_entity,
        number="1005-1",
        name="Cash, north",
        natural_class="ASSET",
        normal_side="DEBIT",
        active_from=date(2020, 1, 1),
    )
    change = propose_role_change(
        role="cash.drawer",
        account=own,
        facility=facility,
        valid_from=date(2020, 1, 1),
        reason="Its own safe",
        actor=make.person("gil"),
    )
    decide_role_change(change_id=change.pk, is_approved=True, actor=make.person("hana"))

    entry = make.entry(facility)

    assert entry.postings.get(role="cash.drawer").account == own


def test_foreign_amounts_need_a_rate_and_convert_to_parts_that_sum_to_zero():
    facility, gil = make.book(), make.person("gil")
    postings = [
        Posting("cash.drawer", Money(1_00, "EUR")),
        Posting("receivable.patient", Money(-33, "EUR")),
        Posting("receivable.insurer", Money(-33, "EUR")),
        Posting("receivable.third_party", Money(-34, "EUR")),
    ]
    with pytest.raises(RateMissing):
        make.entry(facility, postings=postings)
    record_rate(base="EUR", quote="USD", on=date(2026, 3, 1), rate=Decimal("1.0951"), source="ECB", actor=gil)

    entry = make.entry(facility, postings=postings)

    parts = [p.functional_minor for p in entry.postings.order_by("line")]
    assert sum(parts) == 0
    assert all(abs(p.functional_minor - p.amount_minor * Decimal("1.0951")) < 1 for p in entry.postings.all())
    assert entry.total_functional_minor == parts[0]
    detail = entry_detail(public_id=entry.public_id, facility_ids={facility.pk})
    assert detail.lines[0].rate == "1.0951 of 2026-03-01 (ECB)"


def test_yen_convert_to_cents():
    facility, gil = make.book(), make.person("gil")
    record_rate(base="JPY", quote="USD", on=date(2026, 3, 1), rate=Decimal("0.0067"), source="Fed", actor=gil)

    entry = make.entry(
        facility,
        postings=[Posting("cash.drawer", Money(1000, "JPY")), Posting("cash.safe", Money(-1000, "JPY"))],
    )

    assert entry.total_functional_minor == 670


def reverse(original, **more):
    values = {
        "key": "void:1",
        "effective_on": make.DAY,
        "memo": "Void",
        "source": ("void", "v"),
        "actor": None,
    }
    return reverse_entry(original=original, **(values | more))


def test_a_reversal_is_the_exact_mirror():
    facility = make.book()
    original = make.entry(facility, postings=make.lines(125_00, reference="ses_1", tender="CASH"))

    reversal = reverse(original)

    assert reversal.reverses_id == original.pk
    assert not balance(facility, "cash.drawer", reference="ses_1")
    assert reverse(original.key).pk == reversal.pk


def test_an_entry_is_reversed_once():
    facility = make.book()
    original = make.entry(facility)
    reverse(original)

    with pytest.raises(EntryAlreadyReversed):
        reverse(original, key="void:2")


def test_a_reversal_into_a_closed_period_is_refused():
    facility = make.book()
    original = make.entry(facility)

    with pytest.raises(PeriodClosed):
        reverse(original, effective_on=date(2026, 5, 1))
