"""What references taught, and how lines are written: the facts that the search of each account goes by."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciliation.engine.lessons import BY_REFERENCE, Lessons
from reconciliation.engine.parts import BEGINNING, OFTEN, TAIL, Facts, Line, key_of, words_of
from reconciliation.rules.chance import Amounts
from reconciliation.rules.known_items import WORDING
from reconciliation.rules.near import LONG_NUMBER
from reconciliation.rules.tolerance import Tolerance

Kinds = tuple[dict[str, frozenset[str]], frozenset[str]]

ENOUGH = 30
CERTAIN = 0.98
USUAL = 0.9
SHARE_OF_A_KIND = 0.005
_WORDINGS = """
    SELECT scope, who, count(*) FROM given_line
     WHERE NOT is_settled AND starts_with(who, %s) GROUP BY scope, who HAVING count(*) > 1
"""
# How many lines bear the number of each payer and terminal.
_NUMBERED = """
    SELECT scope, said, count(DISTINCT line)
      FROM (SELECT DISTINCT scope, unnest(shared[:2]) AS said FROM unit) party
      JOIN line_sign ON h = hashtextextended(said, scope)
     WHERE said <> '' GROUP BY scope, said
"""
_SAMPLE = """
    SELECT kind, array_agg(amount)
      FROM unit
      JOIN (SELECT kind, greatest(count(*) / %s, 1) AS step FROM unit GROUP BY kind) sizes USING (kind)
     WHERE id %% step = 0 GROUP BY kind
"""
SAMPLE_UNITS = 20_000
# What a word for a kind means is each account's own; earlier runs were of the one account that is given.
_KINDS = """
    SELECT scope, line_kind, unit_kind, sum(n)::bigint FROM (
        SELECT scope, line_kind, unit_kind, 1 AS n FROM lonely_hit
         UNION ALL
        SELECT scope, line_kind, unit_kind, n FROM given_fact, (SELECT DISTINCT scope FROM given_line) account
         WHERE line_kind <> '') each
     GROUP BY scope, line_kind, unit_kind HAVING sum(n) > 0 ORDER BY scope, line_kind, unit_kind
"""
# The last digits of long numbers among a sample of units: how many numbers end so.
_TAILS = """
    SELECT "right"(key, %(tail)s), count(DISTINCT key), (sum(count(DISTINCT key)) OVER ())::bigint
      FROM (SELECT unnest(keys) AS key FROM unit
             WHERE id %% (SELECT count(*) / %(sample)s + 1 FROM unit) = 0) number
     WHERE length(key) >= %(long)s AND key ~ '^[0-9]+$' GROUP BY 1
"""
# A beginning that more payers have in common is nobody's name.
FEW_PAYERS = 5
# So many numbers, and this share of all, that end alike count before their end.
TAILED, SHARE_TAILED = 5, 0.01
_PAYERS = """
    SELECT who, payer, sum(n)::bigint AS n FROM known_fact
     WHERE who <> '' AND payer <> '' GROUP BY who, payer ORDER BY who, n DESC, payer
"""


def load_facts(
    cursor, lines: Mapping[int, Iterable[Line]], tolerances: tuple[Tolerance, ...], learnt: Lessons
) -> dict[int, Facts]:
    """By account. lines: those that are left of each.

    learnt  what earlier runs of the one account given taught
    """
    (common, of_several), kinds = _facts(cursor, tolerances, learnt), _kinds(cursor)
    numbered, by_reference = _counts(cursor, _NUMBERED), _counts(cursor, BY_REFERENCE)
    wordings = _counts(cursor, _WORDINGS, [WORDING])
    found = {}
    for scope, left in lines.items():
        of_kinds, known = kinds.get(scope, ({}, frozenset()))
        found[scope] = replace(
            common,
            kinds=of_kinds,
            known=known,
            numbered=_keyed(numbered[scope]) + learnt.numbered,
            named=_named(left, by_reference[scope] + learnt.by_reference, learnt.otherwise, common),
            wordings=_wordings(wordings[scope], learnt, of_several),
        )
    return found


def _facts(cursor, tolerances: tuple[Tolerance, ...], learnt: Lessons) -> tuple[Facts, frozenset[str]]:
    """What all accounts have in common; and how lines of several payers are written."""
    cursor.execute(_SAMPLE, [SAMPLE_UNITS])
    amounts = {kind: Amounts([*row, *learnt.amounts.get(kind, ())]) for kind, row in cursor.fetchall()}
    payers, called, others, of_several = _payers(cursor)
    names: dict[str, tuple[str, ...]] = {}
    for who, payer in payers.items():
        if not who.startswith(WORDING):
            names[payer] = (*names.get(payer, ()), who)
    known = Counter(word for payer in {*payers.values()} for word in words_of(payer, names.get(payer, ())))
    common = Facts(
        {}, payers, amounts, {}, tolerances=tolerances, called=called, names=names, others=others,
        tails=_tails(cursor), ways=learnt.ways, counted=learnt.counted,
        shared_words=frozenset(word for word, count in known.items() if count > 1),
    )  # fmt: skip
    return common, of_several


def _tails(cursor) -> frozenset[str]:
    cursor.execute(_TAILS, {"tail": TAIL, "sample": SAMPLE_UNITS, "long": LONG_NUMBER})
    return frozenset(
        tail for tail, count, total in cursor.fetchall() if count >= max(TAILED, SHARE_TAILED * total)
    )


def _kinds(cursor) -> dict[int, Kinds]:
    """By account: line kinds with what goes with them, and the unit kinds seen often enough to tell."""
    cursor.execute(_KINDS)
    found: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for scope, line_kind, unit_kind, count in cursor.fetchall():
        found[scope][line_kind][unit_kind] = count
    return {scope: _kinds_of(rows) for scope, rows in found.items()}


def _counts(cursor, statement: str, params: Iterable = ()) -> dict[int, Counter[str]]:
    """By account, how many lines of each that the statement counts."""
    cursor.execute(statement, [*params])
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for scope, said, count in cursor.fetchall():
        found[scope][said] = count
    return found


def _keyed(numbers: Counter[str]) -> Counter[str]:
    return Counter({key_of(said): count for said, count in numbers.items()})


def _wordings(said: Counter[str], learnt: Lessons, of_several: frozenset[str]) -> frozenset[str]:
    """The words that are nobody's name, because they come often.

    A night has seen few whose they are: then only those that several payers have been found by.
    """
    often = frozenset(who for who, count in (said + learnt.wordings).items() if count >= OFTEN)
    return often & of_several if learnt.by_reference else often


def _named(left: Iterable[Line], told: Counter[str], otherwise: Counter[str], facts: Facts) -> frozenset[str]:
    """The kinds and payers whose lines references tell nearly all of. otherwise: those none told before."""
    untold = otherwise + Counter(
        said for line in left for said in {line.kind, facts.payers.get(line.who, "")}
    )
    return frozenset(
        said for said, count in told.items() if count >= ENOUGH and count >= CERTAIN * (count + untold[said])
    )


def _kinds_of(rows: dict[str, dict[str, int]]) -> Kinds:
    seen: dict[str, int] = defaultdict(int)
    for row in rows.values():
        for unit_kind, count in row.items():
            seen[unit_kind] += count
    kinds = {
        line_kind: frozenset(kind for kind, n in row.items() if n >= SHARE_OF_A_KIND * sum(row.values()))
        for line_kind, row in rows.items()
        if sum(row.values()) >= ENOUGH
    }
    return kinds, frozenset(kind for kind, count in seen.items() if count >= ENOUGH)


def _payers(cursor) -> tuple[dict[str, str], dict[str, int], dict[str, frozenset[str]], frozenset[str]]:
    """Names with the payer they stand for; payers called so nearly always, with how often; _others(); and
    how lines of several payers are written.
    """
    cursor.execute(_PAYERS)
    rows: dict[str, list[tuple[str, int]]] = defaultdict(list)
    total: dict[str, int] = defaultdict(int)
    for who, payer, count in cursor.fetchall():
        rows[who].append((payer, count))
        total[payer] += count
    payers = {
        who: row[0][0]
        for who, row in rows.items()
        if row[0][1] >= 3 and row[0][1] >= CERTAIN * sum(count for _payer, count in row)
    }
    called: dict[str, int] = defaultdict(int)
    for who, payer in payers.items():
        called[payer] += rows[who][0][1]
    always = {payer: count for payer, count in called.items() if count >= USUAL * total[payer]}
    often = frozenset(payer for payer, count in total.items() if count >= OFTEN)
    of_several = frozenset(who for who, row in rows.items() if len(row) > 1)
    return payers, always, _others(rows, often), of_several


def _others(rows: dict[str, list[tuple[str, int]]], often: frozenset[str]) -> dict[str, frozenset[str]]:
    """How what lines say begins, where often seen, to who of those that pay often never pays so."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for who, row in rows.items():
        seen[who[:BEGINNING]].update(dict(row))
    return {
        start: often - told.keys()
        for start, told in seen.items()
        if told.total() >= OFTEN and len(told) <= FEW_PAYERS
    }
