"""Templates: used by hand, or prepared at each period's end for another person to approve."""

from datetime import UTC, date, datetime

import pytest

from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import (
    JournalLineAsked,
    TemplateIncomplete,
    TemplateNameTaken,
    open_period,
    prepare_journal,
    prepare_recurring,
    retire_template,
    save_template,
)
from ledger.commands.journal_template import TemplateUnbalanced
from ledger.models import Account, AccountRole, Journal
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def saved(facility, *, amounts=(100_00, -100_00), numbers=("8510", "1001"), **more):
    accounts = Account.objects.filter(legal_entity=facility.legal_entity, number__in=numbers)
    lines = [
        JournalLineAsked(account, Money(minor, "USD"))
        for account, minor in zip(accounts.order_by("-number"), amounts, strict=True)
    ]
    values = {"name": "Rent", "memo": "Rent of the month", "cadence": "PERIOD"} | more
    actor = access.user("FINANCE_REVIEWER", facilities=[facility])
    with clock.at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        return save_template(facility=facility, lines=lines, actor=actor, **values)


def test_what_recurs_is_prepared_once_for_each_period_that_ended():
    facility = make.book()
    open_period(legal_entity=facility.legal_entity, starts_on=date(2026, 4, 1), actor=None)
    saved(facility, is_accrual=True)

    early, _refused = prepare_recurring(today=date(2026, 3, 30))
    first, _refused = prepare_recurring(today=date(2026, 3, 31))
    again, _refused = prepare_recurring(today=date(2026, 4, 29))
    second, _refused = prepare_recurring(today=date(2026, 5, 2))

    assert (early, again) == ([], [])
    assert [(each.effective_on, each.reverses_on) for each in first] == [
        (date(2026, 3, 31), date(2026, 4, 1))
    ]
    assert [each.effective_on for each in second] == [date(2026, 4, 30)]
    assert set(Journal.objects.values_list("state", flat=True)) == {"PROPOSED"}


def test_a_quarters_template_waits_for_the_quarter():
    facility = make.book(day=date(2026, 2, 10))
    open_period(legal_entity=facility.legal_entity, starts_on=date(2026, 3, 1), actor=None)
    saved(facility, cadence="QUARTER")

    prepared, _refused = prepare_recurring(today=date(2026, 4, 1))

    assert [each.effective_on for each in prepared] == [date(2026, 3, 31)]


def test_a_template_that_a_person_used_meanwhile_still_recurs():
    facility = make.book()
    template = saved(facility)
    lines = [
        JournalLineAsked(line.account, Money(line.amount_minor, "USD"))
        for line in template.lines.order_by("line")
    ]
    prepare_journal(
        facility=facility,
        effective_on=date(2026, 3, 9),
        memo="Rent of a hall",
        lines=lines,
        template=template,
        actor=template.made_by,
    )

    prepared, _refused = prepare_recurring(today=date(2026, 3, 31))

    assert [each.occurrence for each in prepared] == [date(2026, 3, 31)]


def test_a_template_that_the_book_refuses_holds_up_no_other():
    facility = make.book()
    kept = AccountRole.objects.get(legal_entity=facility.legal_entity, role="receivable.patient").account
    wrong = saved(facility, numbers=["8510", kept.number])
    right = saved(facility, name="Lease")

    prepared, refused = prepare_recurring(today=date(2026, 3, 31))

    assert [(template, refusal.code) for template, refusal in refused] == [(wrong, "control_account_by_hand")]
    assert [each.template for each in prepared] == [right]


def test_a_retired_template_recurs_no_more():
    facility = make.book()
    template = saved(facility)

    retire_template(template_id=template.pk, actor=make.person("gil"))

    assert prepare_recurring(today=date(2026, 4, 1)) == ([], [])
    saved(facility)


def test_a_template_that_recurs_is_whole_and_balances():
    facility = make.book()

    with pytest.raises(TemplateIncomplete):
        saved(facility, amounts=(0, -100_00))
    with pytest.raises(TemplateUnbalanced):
        saved(facility, amounts=(100_00, -99_00))


def test_a_template_used_by_hand_balances_or_leaves_a_line_to_fill_in():
    facility = make.book()

    with pytest.raises(TemplateUnbalanced, match="no line is left to fill in"):
        saved(facility, amounts=(100_00, -99_00), cadence="NONE")
    with pytest.raises(TemplateUnbalanced):
        saved(facility, amounts=(100_00,), numbers=("8510",), cadence="NONE")
    saved(facility, amounts=(0, -99_00), name="One side", cadence="NONE")
    saved(facility, amounts=(0, 0), cadence="NONE")
    with pytest.raises(TemplateNameTaken):
        saved(facility, amounts=(0, 0), cadence="NONE")
