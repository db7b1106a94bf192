"""A try of a learnt rule is owed by a row, and made once."""

import pytest
from django.db import DatabaseError, connection, transaction

from reconciliation.commands import answer_request, ask_for_try, rule_try
from reconciliation.models import RuleRequest, RuleTry
from tests.reconciliation.commands.test_learnt_rule import account, learnt, people

__all__ = ["account", "people"]


@pytest.fixture
def asked(account, people):
    return ask_for_try(rule_id=learnt(account, people).pk, actor=people[0])


def test_asking_twice_is_one_request_and_answering_twice_one_try(people, asked):
    again = ask_for_try(rule_id=asked.rule_id, actor=people[1])

    answered = answer_request(request_id=asked.pk)

    assert again == asked
    assert answered.answer == RuleTry.objects.get()
    assert answered.answer.tried_by == people[0]
    assert answer_request(request_id=asked.pk) is None
    assert ask_for_try(rule_id=asked.rule_id, actor=people[1]) != asked


def test_a_try_that_takes_too_long_is_answered_with_its_problem(asked, monkeypatch):
    monkeypatch.setattr(rule_try, "MOST_MILLISECONDS", 30)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP VIEW reconciliation_statementline AS"
            " SELECT line.* FROM public.reconciliation_statementline line, pg_sleep(9)"
        )

    answered = answer_request(request_id=asked.pk)

    assert answered.problem.startswith("The try took longer")
    assert not RuleTry.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reconciliation_rulerequest SET asked_at = now()",
        "UPDATE reconciliation_rulerequest SET answered_at = now()",
    ],
)
def test_the_database_keeps_who_asked_and_wants_an_answer(asked, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert RuleRequest.objects.get().answered_at is None
