"""What the database refuses, tried by raw SQL as the application's role."""

import pytest
from django.db import DatabaseError, connection, transaction

from reconciliation.commands import match_account
from reconciliation.commands.written_match import write_match
from reconciliation.models import Expectation, MatchRun
from reconciliation.rules.plan import Adjustment
from tests.make import reconciliation as make


@pytest.fixture
def matched(db):
    account = make.bank_account(make.hospital())
    make.expected(account, 10_00, "BAG-1001")
    make.expected(account, 10_00, "BAG-2002")
    make.statement(account, make.line(10_00, "BAG-1001"))
    match_account(account=account)
    return account


@pytest.mark.parametrize(
    "sql, says",
    [
        ("UPDATE reconciliation_statementline SET amount_minor = 1", "permission denied"),
        ("DELETE FROM reconciliation_statementline", "permission denied"),
        ("UPDATE reconciliation_statement SET closing_minor = 1", "permission denied"),
        ("TRUNCATE reconciliation_note", "permission denied"),
        ("UPDATE reconciliation_discrepancyfile SET file_id = file_id", "permission denied"),
        ("UPDATE reconciliation_match SET score = 1", "permission denied"),
        ("DELETE FROM reconciliation_matchline", "permission denied"),
        ("UPDATE reconciliation_expectation SET amount_minor = 1", "stays as it was pulled"),
        ("UPDATE reconciliation_matchline SET line_id = line_id", "only when its match is undone"),
        (
            """INSERT INTO reconciliation_matchitem (match_id, expectation_id)
               SELECT match.id, item.id FROM reconciliation_match match, reconciliation_expectation item
                WHERE item.id NOT IN (SELECT expectation_id FROM reconciliation_matchitem)""",
            "nothing is added to a match",
        ),
        (
            """INSERT INTO reconciliation_matchline (match_id, line_id)
               SELECT match_id, line_id FROM reconciliation_matchline""",
            "reconciliation_match_line_once",
        ),
        (
            """INSERT INTO reconciliation_match (public_id, account_id, run_id, pass_name, score, reasons,
                   considered, currency, line_count, item_count, adjustment_count, effective_on, made_at)
               SELECT 'mat_x', account_id, run_id, 'x', 1, '[]', '[]', 'USD', 1, 1, 0, effective_on, made_at
                 FROM reconciliation_match""",
            "does not balance",
        ),
        (
            """INSERT INTO reconciliation_match (public_id, account_id, run_id, pass_name, score, reasons,
                   considered, currency, line_count, item_count, adjustment_count, effective_on, made_at)
               SELECT 'mat_x', 0, run_id, 'x', 1, '[]', '[]', 'USD', 0, 0, 0, effective_on, made_at
                 FROM reconciliation_match""",
            "an account or a run that does not exist",
        ),
        (
            "INSERT INTO reconciliation_matchline (match_id, line_id) VALUES (0, 0)",
            "nothing is added to a match",
        ),
        (
            "INSERT INTO reconciliation_matchline (match_id, line_id, undo_id) VALUES (0, 0, 0)",
            "not undone yet",
        ),
        (
            "INSERT INTO reconciliation_matchitem (match_id, expectation_id, undo_id) VALUES (0, 0, 0)",
            "not undone yet",
        ),
        (
            """CREATE TEMP TABLE reconciliation_match (LIKE public.reconciliation_match);
               WITH forged AS (
                   INSERT INTO pg_temp.reconciliation_match SELECT * FROM public.reconciliation_match
                   RETURNING id)
               INSERT INTO reconciliation_matchitem (match_id, expectation_id)
               SELECT forged.id, item.expectation_id FROM forged, reconciliation_openitem item""",
            "nothing is added to a match",
        ),
        (
            # The function's plan is made anew, as in a session that begins with this.
            """DISCARD PLANS;
               CREATE TEMP TABLE reconciliation_matchundo AS
               SELECT 99::bigint AS id, id AS match_id FROM public.reconciliation_match;
               UPDATE reconciliation_matchline SET undo_id = 99""",
            "only when its match is undone",
        ),
        ("DELETE FROM reconciliation_expectation", "permission denied"),
        (
            """INSERT INTO reconciliation_discrepancy (public_id, kind, state, facility_id, due_on,
                   amount_minor, currency, reasons, opened_at)
               SELECT 'dis_y', 'STATEMENT_MISSING', 'OPEN', facility_id, '2026-03-12', 0, 'USD', '[]', now()
                 FROM reconciliation_expectation LIMIT 1""",
            "reconciliation_discrepancy_amount_known",
        ),
    ],
)
def test_the_database_refuses(matched, sql, says):
    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_guard_says_where_its_tables_are(db):
    """What a session makes under the name of a table is not what a guard reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"""
            SELECT proname FROM pg_proc
             WHERE proname LIKE 'reconciliation\_%' AND prosrc ~ '(FROM|JOIN) (reconciliation|ledger|access)_'
               AND NOT coalesce('search_path=pg_catalog, public, pg_temp' = ANY (proconfig), false)
            """
        )
        assert cursor.fetchall() == []


def test_the_transaction_that_made_a_match_adds_nothing_to_it_either(matched):
    (item,) = Expectation.objects.filter(matched=None)
    with transaction.atomic(), connection.cursor() as cursor:
        match = write_match(
            account=matched,
            pass_name="suspense",
            reasons=[],
            lines=[],
            items=[item.pk],
            adjustments=[Adjustment("suspense.unidentified", item.amount_minor)],
            effective_on=item.expected_on,
            run_id=MatchRun.objects.get().pk,
            actor_id=None,
        )
        with pytest.raises(DatabaseError, match="nothing is added to a match"):
            cursor.execute(
                "INSERT INTO reconciliation_matchadjustment (match_id, role, amount_minor, reference)"
                " VALUES (%s, 'fee.merchant', 1, '')",
                [match.pk],
            )
        transaction.set_rollback(True)


def test_the_database_refuses_an_approval_by_the_proposer(matched):
    eve = make.reviewer(matched.facility)
    sql = """
        WITH found AS (
            INSERT INTO reconciliation_discrepancy (public_id, kind, state, facility_id, account_id, due_on,
                amount_minor, currency, reasons, opened_at)
            VALUES ('dis_x', 'UNMATCHED_CREDIT', 'PROPOSED', %(facility)s, %(account)s, '2026-03-12', 1,
                'USD', '[]', now()) RETURNING id)
        INSERT INTO reconciliation_proposal (public_id, discrepancy_id, action, cause, reason, plan, journal,
            proposed_by_id, proposed_at, verdict, verdict_reason, decided_by_id, decided_at)
        SELECT 'prp_x', id, 'SUSPENSE', '', '', '{}', '[]', %(eve)s, now(), 'APPROVED', '', %(eve)s, now()
          FROM found
    """
    params = {"facility": matched.facility_id, "account": matched.pk, "eve": eve.pk}

    with (
        pytest.raises(DatabaseError, match="reconciliation_proposal_two_people"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, params)
