"""Keeping what a run would not accept by itself, for people."""

import json

from reconciliation.engine import Outcome
from reconciliation.engine.suggestions import suggestions_of
from reconciliation.models import BankAccount

_COPY = """
    COPY wanted_suggestion (line_id, expectation_id, pass_name, score, reasons, against) FROM STDIN
"""
_DROP_REJECTED = """
    DELETE FROM wanted_suggestion wanted USING apart_pair apart
     WHERE apart.is_rejected AND apart.line = wanted.line_id AND apart.item = wanted.expectation_id
"""
_DROP_OLD = """
    DELETE FROM reconciliation_suggestion kept
     WHERE account_id = %(account)s
       AND (line_id, expectation_id, pass_name, score, reasons, against)
           NOT IN (SELECT * FROM wanted_suggestion)
"""
_ADD_NEW = """
    INSERT INTO reconciliation_suggestion (
        account_id, line_id, expectation_id, pass_name, score, reasons, against)
    SELECT %(account)s, * FROM wanted_suggestion
     WHERE (line_id, expectation_id) NOT IN (
        SELECT line_id, expectation_id FROM reconciliation_suggestion WHERE account_id = %(account)s)
"""


def keep_suggestions(cursor, *, account: BankAccount, outcome: Outcome) -> int:
    """Make the account's suggestions what this run would suggest; how many. What stays is not touched,
    and what a person rejected does not come again.
    """
    rows: dict[tuple[int, int], tuple] = {}
    for board in outcome.boards.values():
        for line, ranked in suggestions_of(board):
            for each in ranked:
                for item in each.members:
                    said = (each.pass_name, each.score, json.dumps(each.reasons), each.against)
                    rows.setdefault((line.id, item), said)
    with cursor.copy(_COPY) as copy:
        for (line_id, item_id), said in rows.items():
            copy.write_row((line_id, item_id, *said))
    cursor.execute(_DROP_REJECTED)
    cursor.execute(_DROP_OLD, {"account": account.pk})
    cursor.execute(_ADD_NEW, {"account": account.pk})
    return len(rows)
