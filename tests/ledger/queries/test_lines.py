"""The postings behind a figure are all of them, whatever periods they lie in."""

from datetime import date

import pytest

from ledger.commands import hard_close, open_period
from ledger.models import Period
from ledger.queries import LineFilter, Scope, balances, lines_total, posting_lines
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

LATER = date(2026, 4, 2)


def test_a_roles_postings_since_the_beginning_are_those_of_closed_and_open_periods():
    facility, eve = make.book(), make.person("eve")
    make.entry(facility)
    hard_close(period_id=Period.objects.get().pk, actor=eve)
    open_period(legal_entity=facility.legal_entity, starts_on=LATER, actor=None)
    make.entry(
        facility, postings=make.lines(30_00, debit="receivable.patient", credit="cash.drawer"), day=LATER
    )
    scope = Scope(facility.legal_entity, [facility], None, LATER)

    for role in ("receivable.patient", "cash.drawer"):
        wanted = LineFilter(roles=(role,))
        (balance,) = balances(legal_entity=facility.legal_entity, by=("role",), where={"role": role})
        assert lines_total(scope, wanted).balance.minor == balance.functional_minor
        assert posting_lines(scope, wanted).count() == balance.n_postings
    assert posting_lines(scope, LineFilter(roles=("cash.safe",))).count() == 0
