"""What is open is always exactly what no match has, whoever changed it."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from reconciliation.commands import match_account, undo_match
from reconciliation.models import Expectation, Match, MatchFact, OpenItem, OpenLine, StatementLine
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return make.bank_account(make.hospital())


def _by_definition() -> tuple[set[int], set[int]]:
    lines = StatementLine.objects.exclude(
        pk__in=Match.objects.filter(undo=None, lines__isnull=False).values("lines__line")
    )
    items = Expectation.objects.filter(withdrawn_at=None, account__isnull=False).exclude(
        pk__in=Match.objects.filter(undo=None, items__isnull=False).values("items__expectation")
    )
    return set(lines.values_list("pk", flat=True)), set(items.values_list("pk", flat=True))


def _kept() -> tuple[set[int], set[int]]:
    lines, items = (
        OpenLine.objects.values_list("pk", flat=True),
        OpenItem.objects.values_list("pk", flat=True),
    )
    return set(lines), set(items)


def test_open_parts_follow_imports_matches_and_undoing(account):
    make.expected(account, 1_000_00, "BAG-0071")
    make.expected(account, 731_40)
    make.statement(account, make.line(1_000_00, "BAG-0071"), make.line(5_00, "NOBODY-77"))
    assert _kept() == _by_definition()

    match_account(account=account)
    assert _kept() == _by_definition()
    assert (OpenLine.objects.count(), OpenItem.objects.count()) == (1, 1)

    undo_match(match_id=Match.objects.get().pk, reason="Wrong", actor=make.approver(account.facility))
    assert _kept() == _by_definition()
    assert (OpenLine.objects.count(), OpenItem.objects.count()) == (2, 2)


def test_a_withdrawn_item_is_not_open_until_it_is_wanted_again(account):
    item = make.expected(account, 731_40)

    Expectation.objects.filter(pk=item.pk).update(withdrawn_at=item.pulled_at)
    assert _kept() == _by_definition() == (set(), set())

    Expectation.objects.filter(pk=item.pk).update(withdrawn_at=None)
    assert _kept() == _by_definition() == (set(), {item.pk})


def test_an_item_without_an_account_is_open_once_it_has_one(account):
    item = make.expected(account, 731_40)
    homeless = Expectation.objects.get(pk=item.pk)
    homeless.pk, homeless.source_id, homeless.account = None, "dep_homeless", None
    homeless.save()
    assert set(OpenItem.objects.values_list("pk", flat=True)) == {item.pk}

    Expectation.objects.filter(pk=homeless.pk).update(account=account)

    assert set(OpenItem.objects.values_list("pk", flat=True)) == {item.pk, homeless.pk}


@pytest.mark.parametrize("table", ["reconciliation_openline", "reconciliation_openitem"])
def test_nobody_but_the_database_writes_what_is_open(account, table):
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET account_id = account_id"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_facts_are_never_changed(account):
    make.expected(account, 1_000_00, "BAG-0071", payer="Cedar")
    make.statement(account, make.line(1_000_00, "BAG-0071", counterparty="CEDAR"))
    match_account(account=account)
    assert MatchFact.objects.get().who == "CEDAR"

    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        MatchFact.objects.update(count=7)


def test_a_match_taken_back_teaches_nothing(account):
    for number in range(3):
        make.expected(account, 100_17 + number, f"TRACE10{number}", payer="1122334455")
    make.statement(
        account, *[make.line(100_17 + n, f"TRACE10{n}", counterparty="CEDARPLAN") for n in range(3)]
    )
    match_account(account=account)
    finn = make.approver(account.facility)
    for match in Match.objects.all():
        undo_match(match_id=match.pk, reason="Wrong", actor=finn)
    make.expected(account, 4_711_93, payer="9988776655")
    make.statement(account, make.line(4_711_93, counterparty="CEDARPLAN"), statement_id="S2", opening=300_54)

    match_account(account=account)

    assert list(Match.objects.filter(undo=None).values_list("pass_name", flat=True)) == ["amount"]
