"""Loading what the references left, and the facts they taught, for the search per account."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from reconciliation.engine.board import Board, Budget
from reconciliation.engine.parts import OFTEN, Facts, Line, Unit
from reconciliation.engine.readings import READINGS
from reconciliation.rules.card_brand import BRAND
from reconciliation.rules.chance import Amounts
from reconciliation.rules.known_items import WORDING
from reconciliation.rules.references import normalised
from reconciliation.rules.tolerance import Tolerance

Kinds = tuple[dict[str, frozenset[str]], frozenset[str]]

ENOUGH = 30
CERTAIN = 0.98
USUAL = 0.9
SHARE_OF_A_KIND = 0.005
DEFAULT_LAG = (-1, 5)
_LINES = """
    SELECT rest.scope, rest.id, rest.kind, rest.booked_on - DATE '2000-01-01', rest.amount, rest.who,
           rest.keys, coalesce(set_apart.repeats_id, 0), taken_line.line IS NOT NULL
      FROM rest_line rest LEFT JOIN set_apart USING (id)
      LEFT JOIN (SELECT DISTINCT line FROM taken_line) taken_line ON taken_line.line = rest.id
     ORDER BY rest.id
"""
_UNITS = """
    SELECT scope, id, kind, amount, fee, first_on - DATE '2000-01-01', last_on - DATE '2000-01-01',
           earliest_on - DATE '2000-01-01', latest_on - DATE '2000-01-01', payer, shared, keys, members
      FROM rest_unit ORDER BY id
"""
_PARTS = """
    SELECT part.scope, part.id, array_agg(item.amount ORDER BY item.id)
      FROM (SELECT scope, id, unnest(members) AS member FROM rest_unit WHERE n > 1) part
      JOIN given_item item ON item.id = part.member
     GROUP BY part.scope, part.id
"""
_BY_REFERENCE = """
    SELECT scope, said, count(*) FROM lonely_hit, unnest(ARRAY[line_kind, payer]) said
     WHERE said <> '' GROUP BY scope, said
"""
_WORDINGS = """
    SELECT scope, who FROM given_line WHERE starts_with(who, %s) GROUP BY scope, who HAVING count(*) >= %s
"""
# How many lines bear the number of each payer and terminal.
_NUMBERED = """
    SELECT scope, said, count(DISTINCT line)
      FROM (SELECT DISTINCT scope, unnest(shared[:2]) AS said FROM unit) party
      JOIN line_sign ON h = hashtextextended(said, scope)
     WHERE said <> '' GROUP BY scope, said
"""
_TOTALS = """
    SELECT kind, count(*) FROM given_line WHERE NOT is_settled AND scope = ANY(%s) GROUP BY kind
"""
SAMPLE_LINES = 10_000
_SAMPLE = """
    SELECT kind, array_agg(amount)
      FROM unit
      JOIN (SELECT kind, greatest(count(*) / %s, 1) AS step FROM unit GROUP BY kind) sizes USING (kind)
     WHERE id %% step = 0 GROUP BY kind
"""
SAMPLE_UNITS = 20_000
_LAGS = """
    SELECT unit_kind, min(lag) FILTER (WHERE upto >= 0.005 * total),
           min(lag) FILTER (WHERE upto >= 0.995 * total)
      FROM (SELECT unit_kind, lag, sum(sum(n)) OVER (PARTITION BY unit_kind ORDER BY lag) AS upto,
                   sum(sum(n)) OVER (PARTITION BY unit_kind) AS total
              FROM known_fact GROUP BY unit_kind, lag) spread
     GROUP BY unit_kind HAVING max(total) >= %s
"""
# What a word for a kind means is each account's own; earlier runs were of the one account that is given.
_KINDS = """
    SELECT scope, line_kind, unit_kind, sum(n)::bigint FROM (
        SELECT scope, line_kind, unit_kind, 1 AS n FROM lonely_hit
         UNION ALL
        SELECT scope, line_kind, unit_kind, n FROM given_fact, (SELECT DISTINCT scope FROM given_line) account
         WHERE line_kind <> '') each
     GROUP BY scope, line_kind, unit_kind HAVING sum(n) > 0 ORDER BY scope, line_kind, unit_kind
"""
_PAYERS = """
    SELECT who, payer, sum(n)::bigint AS n FROM known_fact
     WHERE who <> '' AND payer <> '' GROUP BY who, payer ORDER BY who, n DESC, payer
"""


def load_rest(cursor, budget: Budget, tolerances: Sequence[Tolerance]) -> dict[int, Board]:
    """A board for each account and currency. What kinds of lines mean is its own, all else is common."""
    lines, units = _lines(cursor), _units(cursor)
    _tell_names(cursor, lines, units)
    _tell_apart(cursor, lines)
    _tell_parts(cursor, units)
    common, kinds = _facts(cursor, tuple(tolerances)), _kinds(cursor)
    numbered, by_reference, wordings = _numbered(cursor), _by_reference(cursor), _wordings(cursor)
    boards = {}
    for scope in sorted({*lines, *units}):
        parties_of(lines.get(scope, {}), units.get(scope, {}))
        of_kinds, known = kinds.get(scope, ({}, frozenset()))
        named = _named(lines.get(scope, {}).values(), by_reference.get(scope, {}), common)
        facts = replace(
            common,
            kinds=of_kinds,
            known=known,
            numbered=numbered.get(scope, {}),
            named=named,
            wordings=frozenset(wordings.get(scope, ())),
        )
        boards[scope] = Board(lines.get(scope, {}).values(), units.get(scope, {}).values(), facts, budget)
    _measure_absence(cursor, boards)
    return boards


def _lines(cursor) -> dict[int, dict[int, Line]]:
    found: dict[int, dict[int, Line]] = defaultdict(dict)
    cursor.execute(_LINES)
    for scope, number, kind, on, amount, who, keys, repeats, is_taken in cursor.fetchall():
        named = tuple(key for key in keys if key[0] != BRAND)
        brands = frozenset(key[1:] for key in keys if key[0] == BRAND)
        found[scope][number] = Line(
            number, kind, on, amount, who, named, repeats, is_taken=is_taken, brands=brands
        )
    return found


def _units(cursor) -> dict[int, dict[int, Unit]]:
    cursor.execute(_LAGS, [ENOUGH])
    lags = {kind: (low - 1, high + 1) for kind, low, high in cursor.fetchall()}
    found: dict[int, dict[int, Unit]] = defaultdict(dict)
    cursor.execute(_UNITS)
    for row in cursor.fetchall():
        scope, number, kind, amount, fee, first, last, low, high, payer, shared, keys, members = row
        before, after = lags.get(kind, DEFAULT_LAG)
        low = first + before if low is None else low
        high = last + after if high is None else high
        payer_key, terminal_key = map(_key_of, shared[:2])
        brands = frozenset(" ".join(shared[2:]).split())
        found[scope][number] = Unit(
            number, kind, amount, fee, first, last, low, high, payer, payer_key, terminal_key,
            tuple(keys), tuple(members), brands=brands,
        )  # fmt: skip
    return found


@lru_cache(maxsize=65_536)
def _key_of(number: str) -> str:
    """A payer's or terminal's number as a line's key would have it: without a label before it."""
    return normalised(number) or number


def _tell_names(cursor, lines: dict[int, dict[int, Line]], units: dict[int, dict[int, Unit]]) -> None:
    all_lines = {number: line for row in lines.values() for number, line in row.items()}
    all_units = {number: unit for row in units.values() for number, unit in row.items()}
    cursor.execute("SELECT line, unit FROM rest_named ORDER BY line, unit")
    names, named = defaultdict(list), defaultdict(list)
    for line, unit in cursor.fetchall():
        names[line].append(unit)
        named[unit].append(line)
    for number, said in names.items():
        if number in all_lines:
            all_lines[number].names = tuple(said)
    for number, said in named.items():
        if number in all_units:
            all_units[number].named_by = tuple(said)


def _tell_parts(cursor, units: dict[int, dict[int, Unit]]) -> None:
    cursor.execute(_PARTS)
    for scope, number, amounts in cursor.fetchall():
        units[scope][number].parts = tuple(amounts)


def _tell_apart(cursor, lines: dict[int, dict[int, Line]]) -> None:
    cursor.execute("SELECT line, array_agg(item) FROM apart_pair GROUP BY line")
    for number, items in cursor.fetchall():
        for row in lines.values():
            if number in row:
                row[number].apart = frozenset(items)


def parties_of(lines: dict[int, Line], units: dict[int, Unit]) -> None:
    """Which payers' and terminals' numbers each line mentions."""
    payers = frozenset(unit.payer_key for unit in units.values()) - {""}
    terminals = frozenset(unit.terminal_key for unit in units.values()) - {""}
    for line in lines.values():
        line.payers = payers.intersection(line.keys)
        line.terminals = terminals.intersection(line.keys)


def _facts(cursor, tolerances: tuple[Tolerance, ...]) -> Facts:
    cursor.execute(_SAMPLE, [SAMPLE_UNITS])
    amounts = {kind: Amounts(row) for kind, row in cursor.fetchall()}
    payers, called = _payers(cursor)
    names: dict[str, tuple[str, ...]] = {}
    for who, payer in payers.items():
        if not who.startswith(WORDING):
            names[payer] = (*names.get(payer, ()), who)
    return Facts({}, payers, amounts, {}, tolerances=tolerances, called=called, names=names)


def _kinds(cursor) -> dict[int, Kinds]:
    """By account: line kinds with what goes with them, and the unit kinds seen often enough to tell."""
    cursor.execute(_KINDS)
    found: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for scope, line_kind, unit_kind, count in cursor.fetchall():
        found[scope][line_kind][unit_kind] = count
    return {scope: _kinds_of(rows) for scope, rows in found.items()}


def _wordings(cursor) -> dict[int, set[str]]:
    cursor.execute(_WORDINGS, [WORDING, OFTEN])
    found: dict[int, set[str]] = defaultdict(set)
    for scope, who in cursor.fetchall():
        found[scope].add(who)
    return found


def _by_reference(cursor) -> dict[int, dict[str, int]]:
    """By account, of each kind of line and of each payer: how many references told."""
    cursor.execute(_BY_REFERENCE)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for scope, said, count in cursor.fetchall():
        found[scope][said] = count
    return found


def _named(left: Iterable[Line], told: dict[str, int], facts: Facts) -> frozenset[str]:
    """The kinds and payers of whose lines references tell nearly all."""
    untold = Counter(said for line in left for said in {line.kind, facts.payers.get(line.who, "")})
    return frozenset(
        said for said, count in told.items() if count >= ENOUGH and count >= CERTAIN * (count + untold[said])
    )


def _numbered(cursor) -> dict[int, dict[str, int]]:
    cursor.execute(_NUMBERED)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for scope, said, count in cursor.fetchall():
        found[scope][_key_of(said)] = count
    return found


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


def _payers(cursor) -> tuple[dict[str, str], dict[str, int]]:
    """Names with the payer they stand for; and payers called by such names nearly always, with how often."""
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
    return payers, {payer: count for payer, count in called.items() if count >= USUAL * total[payer]}


def _measure_absence(cursor, boards: dict[int, Board]) -> None:
    """How many lines of each kind, and how many units, have no partner in any reading: measured, not assumed.

    On whole accounts, until enough lines were looked at. A reading looks at what is left by the ones before.
    """
    absent: dict[str, int] = defaultdict(int)
    lonely, looked_at, scopes = 0, 0, []
    of_known, absent_known = 0, 0
    for scope, board in boards.items():
        if looked_at > SAMPLE_LINES:
            break
        left = board.copy()
        for reading in READINGS:
            left.take_off(reading(left))
        of_known += sum(map(board.may_be_of_its_party, board.lines.values()))
        for line in left.lines.values():
            if not line.repeats and not board.units_showing(line):
                absent[line.kind] += 1
                absent_known += board.may_be_of_its_party(line)
        lonely += len(left.units)
        looked_at += len(board.lines)
        scopes.append(scope)
    cursor.execute(_TOTALS, [scopes])
    shares = {kind: min(1.0, (absent[kind] + 1) / (total + 2)) for kind, total in cursor.fetchall()}
    cursor.execute("SELECT count(*) FROM unit WHERE scope = ANY(%s)", [scopes])
    absent_unit = min(1.0, (lonely + 1) / (cursor.fetchone()[0] + 2))
    for board in boards.values():
        board.facts.absent, board.facts.absent_unit = shares, absent_unit
        board.facts.absent_known = (absent_known + 1) / (of_known + 2)
