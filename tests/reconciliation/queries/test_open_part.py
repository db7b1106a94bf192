"""What is offered to split over and to merge with: what lies nearest by day."""

from datetime import timedelta

import pytest

from reconciliation.models import Discrepancy
from reconciliation.queries.open_part import MAX_OTHERS, items_near, lines_near
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("due", "nearest"), [(50, range(59, 19, -1)), (9, range(39, -1, -1))])
def test_of_many_open_items_and_lines_the_nearest_by_day_are_offered(due, nearest):
    account = make.bank_account(make.hospital())
    days = [make.DAY - timedelta(days=n) for n in range(60)]
    items = [make.expected(account, 10_00 + n, on=day) for n, day in enumerate(days)]
    make.statement(account, *[make.line(20_00 + n, on=day) for n, day in enumerate(days)])
    row = Discrepancy(account=account, due_on=days[due])

    offered, lines = items_near(row), lines_near(row)

    wanted = [days[n] for n in nearest]
    assert [each.expected_on for each in offered] == [each.booked_on for each in lines] == wanted
    assert len(offered) == len(lines) == MAX_OTHERS
    assert items[due] in offered
    assert (items[0] in offered, items[59] in offered) == (0 in nearest, 59 in nearest)


def test_nothing_is_offered_to_a_matter_of_a_statement_and_never_the_line_itself():
    account = make.bank_account(make.hospital())
    statement = make.statement(account, make.line(20_00), make.line(30_00))
    first, second = statement.lines.order_by("id")

    assert lines_near(Discrepancy(account=account, statement=statement, due_on=make.DAY)) == []
    assert items_near(Discrepancy(account=account, statement=statement, due_on=make.DAY)) == []
    assert lines_near(Discrepancy(account=account, line=first, due_on=make.DAY)) == [second]
