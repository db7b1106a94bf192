"""Loading what the references left, and the facts they taught, for the search per account."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from reconciliation.engine.board import Board, Budget
from reconciliation.engine.facts import ENOUGH, load_facts
from reconciliation.engine.lessons import Lessons
from reconciliation.engine.parts import Line, Unit, key_of
from reconciliation.engine.readings import READINGS
from reconciliation.rules.tolerance import Tolerance

DEFAULT_LAG = (-1, 5)
_LINES = """
    SELECT rest.scope, rest.id, rest.kind, rest.booked_on - DATE '2000-01-01', rest.amount, rest.who,
           rest.keys, coalesce(set_apart.repeats_id, 0), taken_line.line IS NOT NULL,
           coalesce(rest.brands, '{}')
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
_TOTALS = """
    SELECT kind, count(*) FROM given_line WHERE NOT is_settled AND scope = ANY(%s) GROUP BY kind
"""
SAMPLE_LINES = 10_000
_LAGS = """
    SELECT unit_kind, min(lag) FILTER (WHERE upto >= 0.005 * total),
           min(lag) FILTER (WHERE upto >= 0.995 * total)
      FROM (SELECT unit_kind, lag, sum(sum(n)) OVER (PARTITION BY unit_kind ORDER BY lag) AS upto,
                   sum(sum(n)) OVER (PARTITION BY unit_kind) AS total
              FROM known_fact WHERE lag IS NOT NULL GROUP BY unit_kind, lag) spread
     GROUP BY unit_kind HAVING max(total) >= %s
"""


def load_rest(
    cursor, budget: Budget, tolerances: Sequence[Tolerance], learn: Callable[[], Lessons] = Lessons
) -> dict[int, Board]:
    """A board for each account and currency. What kinds of lines mean is its own, all else is common.

    learn  tells what earlier runs of the one account given taught; asked where there is something to match
    """
    lines, units = _lines(cursor), _units(cursor)
    learnt = learn() if lines and units else Lessons()
    _tell_names(cursor, lines, units)
    _tell_apart(cursor, lines)
    _tell_parts(cursor, units)
    scopes = sorted({*lines, *units})
    left = {scope: lines.get(scope, {}).values() for scope in scopes}
    facts = load_facts(cursor, left, tuple(tolerances), learnt)
    boards = {}
    for scope in scopes:
        parties_of(lines.get(scope, {}), units.get(scope, {}))
        own = facts[scope]
        boards[scope] = Board(lines.get(scope, {}).values(), units.get(scope, {}).values(), own, budget)
    _contest(cursor, boards)
    _measure_absence(cursor, boards)
    return boards


def _contest(cursor, boards: dict[int, Board]) -> None:
    """What the references left open between two answers stays so."""
    cursor.execute("SELECT line FROM rival_line")
    rivals = {("L", line) for (line,) in cursor.fetchall()}
    for board in boards.values():
        board.contested |= rivals


def _lines(cursor) -> dict[int, dict[int, Line]]:
    found: dict[int, dict[int, Line]] = defaultdict(dict)
    cursor.execute(_LINES)
    for scope, number, kind, on, amount, who, keys, repeats, is_taken, brands in cursor.fetchall():
        found[scope][number] = Line(
            number, kind, on, amount, who, tuple(keys), repeats, is_taken=is_taken, brands=frozenset(brands)
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
        payer_key, terminal_key = map(key_of, shared[:2])
        brands = frozenset(" ".join(shared[2:]).split())
        found[scope][number] = Unit(
            number, kind, amount, fee, first, last, low, high, payer, payer_key, terminal_key,
            tuple(keys), tuple(members), brands=brands,
        )  # fmt: skip
    return found


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
