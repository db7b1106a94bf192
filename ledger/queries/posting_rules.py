"""Whether what was posted agrees with the table of posting rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from ledger.rules.entry_source import FREE_SOURCES, rule_of
from ledger.rules.posting_rules import PostingRule


@dataclass(frozen=True, slots=True)
class RuleUse:
    """How many entries of a shape there are: source kind, roles debited and credited, and their rule."""

    source: str
    debits: tuple[str, ...]
    credits: tuple[str, ...]
    n_entries: int
    example: str
    rule: PostingRule | None


# What is told as another document than the one it takes back.
_TAKES_BACK = {"payment_void": "payment"}

# A reversal's sides are exchanged, so that it is judged by what it takes back; differences of exchange
# ride along with whatever settles a foreign item.
_SHAPES = """
    SELECT source_kind, debits, credits, count(*), min(public_id) FROM (
        SELECT entry.public_id, entry.source_kind,
            array_remove(array_agg(DISTINCT CASE WHEN (amount_minor > 0) = (entry.reverses_id IS NULL)
                                                 THEN posting.role END), NULL) AS debits,
            array_remove(array_agg(DISTINCT CASE WHEN (amount_minor > 0) <> (entry.reverses_id IS NULL)
                                                 THEN posting.role END), NULL) AS credits
        FROM ledger_entry entry JOIN ledger_posting posting ON posting.entry_id = entry.id
        WHERE entry.facility_id = ANY(%(facilities)s) AND entry.effective_on BETWEEN %(since)s AND %(until)s
            AND entry.source_kind <> ALL(%(free)s) AND posting.amount_minor <> 0
        GROUP BY entry.id
    ) shape GROUP BY source_kind, debits, credits ORDER BY source_kind, debits, credits
"""


def rule_uses(*, since: date, until: date, facility_ids: Collection[int]) -> list[RuleUse]:
    """The shapes of the facilities' entries of some days, each with the rule it follows. One SQL query.

    Entries of finance's own (adjustments) are left out: no rule binds them.
    """
    params: dict[str, Any] = {
        "facilities": list(facility_ids),
        "since": since,
        "until": until,
        "free": list(FREE_SOURCES),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES, params)
        return [
            RuleUse(
                source=source,
                debits=tuple(debits),
                credits=tuple(credits),
                n_entries=count,
                example=example,
                rule=_rule(source, debits, credits),
            )
            for source, debits, credits, count, example in cursor.fetchall()
        ]


def _rule(source: str, debits: list[str], credits: list[str]) -> PostingRule | None:
    return rule_of(_TAKES_BACK.get(source, source), debits, credits)
