"""What earlier runs of an account teach a later one: how its lines are written, and how its parties pay.

A night brings a few lines of each kind and party; what is usual shows over months. A trial, which sees months
at once, is taught nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciliation.engine.board import Board
from reconciliation.engine.parts import key_of
from reconciliation.engine.reading_days import ALL, ways_of
from reconciliation.rules.known_items import WORDING

# So many of a run's lines and units are looked at for numbers, words and amounts; of each so much is kept.
LOOKED_AT, MOST, SAMPLE = 2_000, 1_000, 100
# By account, of each kind of line and each payer: how many lines references told.
BY_REFERENCE = """
    SELECT scope, said, count(*) FROM lonely_hit, unnest(ARRAY[line_kind, payer]) said
     WHERE said <> '' GROUP BY scope, said
"""
_COUNTS = """
    WITH settled AS MATERIALIZED (SELECT unnest(line_ids) AS id FROM answer ORDER BY 1 LIMIT %(looked_at)s),
    party AS MATERIALIZED (SELECT DISTINCT scope, unnest(shared[:2]) AS said FROM unit)
    SELECT 'numbered', said, count(DISTINCT line)
      FROM settled JOIN line_sign ON line = id JOIN party ON h = hashtextextended(said, scope)
     WHERE said <> '' GROUP BY said
     UNION ALL
    -- How one line alone is written is its own affair.
    SELECT 'wordings', who, count(*) FROM settled JOIN given_line USING (id)
     WHERE starts_with(who, %(wording)s) GROUP BY who HAVING count(*) > 1
"""
_AMOUNTS = """
    SELECT kind, (array_agg(amount ORDER BY id))[:%(sample)s] FROM unit
     WHERE id IN (SELECT unnest(unit_ids) FROM answer ORDER BY hashint8(unit_ids[1]) LIMIT %(looked_at)s)
     GROUP BY kind
"""


def _counters() -> defaultdict[str, Counter[str]]:
    return defaultdict(Counter)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Counts of lines that earlier runs looked at.

    by_reference  of each kind of line and each payer, how many references told; otherwise: how many did not
    numbered      a payer's or terminal's number, to how many lines bear it
    wordings      how lines without a name are written, to how many are written so
    ways          a party's number, to its ways of paying (reading_days), to how many lines; ALL to all
                  of them, matched, settled by people or open still
    counted       the lines that the newest run left open: ALL has them already
    amounts       unit kind to a sample of its amounts, in minor units
    """

    by_reference: Counter[str] = field(default_factory=Counter)
    otherwise: Counter[str] = field(default_factory=Counter)
    numbered: Counter[str] = field(default_factory=Counter)
    wordings: Counter[str] = field(default_factory=Counter)
    ways: dict[str, Counter[str]] = field(default_factory=_counters)
    amounts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    counted: frozenset[int] = frozenset()

    @classmethod
    def of(cls, kept: Sequence[dict[str, Any]]) -> "Lessons":
        """The sum of what runs have kept (lessons_of), the newest first."""
        found = cls(counted=frozenset(kept[0].get("counted", ())) if kept else frozenset())
        for run in kept:
            for topic in ("by_reference", "otherwise", "numbered", "wordings"):
                getattr(found, topic).update(run.get(topic, {}))
            for party, ways in run.get("ways", {}).items():
                found.ways[party].update(ways)
            for kind, amounts in run.get("amounts", {}).items():
                found.amounts[kind] += amounts
        return found


def _commonest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most, whatever order they were counted in."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST]


def lessons_of(cursor, boards: Iterable[Board]) -> dict[str, Any]:
    """What this run teaches, as it is kept; nothing where it saw nothing that does."""
    counts: dict[str, Counter[str]] = _counters()
    ways: dict[str, Counter[str]] = _counters()
    still_open: list[int] = []
    cursor.execute(BY_REFERENCE)
    for _scope, said, count in cursor.fetchall():
        counts["by_reference"][said] += count
    cursor.execute(_COUNTS, {"looked_at": LOOKED_AT, "wording": WORDING})
    for topic, said, count in cursor.fetchall():
        counts[topic][key_of(said) if topic == "numbered" else said] += count
    for board in boards:
        for answer in board.answers:
            for line in answer.lines:
                counts["otherwise"].update({line.kind, board.facts.payers.get(line.who, "")} - {""})
            for party, way in ways_of(board, answer):
                ways[party][way] += 1
        for line_id, said in board.ways.items():
            for party, way, _made in said if line_id not in board.facts.counted else ():
                ways[party][ALL] += way == ALL
        still_open += board.lines.keys() & (board.ways.keys() | board.facts.counted)
    cursor.execute(_AMOUNTS, {"looked_at": LOOKED_AT, "sample": SAMPLE})
    kept: dict[str, Any] = {topic: dict(_commonest(count)) for topic, count in counts.items()}
    most = [party for party, _count in _commonest({party: row[ALL] for party, row in ways.items()})]
    kept |= {"ways": {party: dict(ways[party]) for party in most}, "amounts": dict(cursor.fetchall())}
    kept["counted"] = sorted(still_open)[-MOST:]
    return {topic: said for topic, said in kept.items() if said}
