"""Trying a bank before it goes live: the engine on its past lines, in tables that vanish."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TextIO

from django.db import connection, transaction

from reconciliation.commands.known_party import give_names
from reconciliation.commands.trial_nights import run_nights
from reconciliation.engine import MINUTE, Outcome, allow, make_working_tables, run_passes
from reconciliation.engine.suggestions import Ranked, suggestions_of
from reconciliation.formats.mt940.details import unfolded
from reconciliation.formats.trial_table import ITEM_COLUMNS, LINE_COLUMNS, guarded, read_table
from reconciliation.rules.card_brand import brands_in
from reconciliation.rules.known_items import KnownItems, batches_of, keys_of_item
from reconciliation.rules.lone_account import lone_accounts
from reconciliation.rules.references import normalised, terminal_in
from reconciliation.rules.tolerance import COMMON

OUT_COLUMNS = (
    "match_id", "pass", "score", "line_ids", "item_ids", "fee_minor", "difference_minor", "role", "reasons",
    "considered",
)  # fmt: skip
_LINE_ACCOUNT, _LINE_CURRENCY = 4, 7
_ITEM_BATCH, _ITEM_ACCOUNT, _ITEM_CURRENCY = 8, 9, 12
_ITEM_AMOUNT, _ITEM_REFERENCES = 11, 14
# Payer, name, terminal, batch, text.
_SAID_OF_ITSELF = (6, 13, 7, 8, 15)
# Day, payer, terminal, account, kind, currency, name, references.
_SHARED_BY = (2, 6, 7, 9, 10, 12, 13, 14)
SUGGESTION_COLUMNS = ("line_id", "rank", "item_ids", "score", "reasons", "against")
LEFT_COLUMNS = ("line_id", "verdict", "reason")
_FOUND = """
    SELECT pass_name, score, line_ids, item_ids, fee, difference, role, reasons, considered
      FROM answer ORDER BY line_ids, pass_name
"""
_LEFT = """
    WITH left_line AS MATERIALIZED (
        SELECT * FROM given_line WHERE id NOT IN (SELECT unnest(line_ids) FROM answer)
    ), said AS MATERIALIZED (
        SELECT id, scope, amount, booked_on, key FROM given_line, unnest(keys) key
         WHERE key IN (SELECT unnest(keys) FROM left_line)
    ), rare AS MATERIALIZED (
        -- A key that more than twenty lines share names none of them.
        SELECT * FROM said JOIN (SELECT scope, key FROM said GROUP BY scope, key HAVING count(*) <= 20) few
               USING (scope, key)
    ), taken_back AS (
        SELECT later.id, min(earlier.id) AS original_id
          FROM rare later JOIN left_line USING (id)
          JOIN rare earlier ON earlier.scope = later.scope AND earlier.key = later.key
           AND earlier.amount = -later.amount
         WHERE earlier.booked_on >= later.booked_on - 120
           AND (earlier.booked_on < later.booked_on
                OR earlier.booked_on = later.booked_on AND later.amount < 0)
         GROUP BY later.id HAVING count(DISTINCT earlier.id) = 1)
    SELECT id, coalesce(repeats_id, 0), coalesce(is_equal, false), coalesce(original_id, 0)
      FROM left_line LEFT JOIN set_apart USING (id) LEFT JOIN taken_back USING (id) ORDER BY id
"""


@dataclass
class Trial:
    """What a trial did: counts, and the passes with their times.

    warnings  what keeps lines from matching and is probably a mistake in the tables
    """

    lines: int = 0
    items: int = 0
    matched_lines: int = 0
    matches: int = 0
    passes: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Ids:
    """Ids of a file by their order: so that results do not depend on the order of rows."""

    texts: list[str]
    numbers: dict[str, int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "_Ids":
        ordered = sorted(texts)
        return cls(["", *ordered], {text: number for number, text in enumerate(ordered, start=1)})

    def joined(self, numbers: Iterable[int] | None) -> str:
        return ";".join(self.texts[number] for number in numbers or ())


@dataclass
class _Scopes:
    """Accounts and currencies, numbered by their order: so that results do not depend on the order of rows.

    A table without accounts is one account; a missing currency is the only one that the account has.
    """

    has_accounts: bool
    currencies: dict[str, str]
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, lines: list[tuple], items: list[tuple]) -> "_Scopes":
        said = [{(row[_LINE_ACCOUNT], row[_LINE_CURRENCY]) for row in lines}]
        said.append({(row[_ITEM_ACCOUNT], row[_ITEM_CURRENCY]) for row in items})
        has_accounts = all(any(account for account, _currency in table) for table in said)
        found: dict[str, set[str]] = {}
        for account, currency in said[0] | said[1]:
            found.setdefault(account if has_accounts else "", set()).add(currency)
        only = {account: row - {""} for account, row in found.items()}
        scopes = cls(has_accounts, {account: row.pop() for account, row in only.items() if len(row) == 1})
        for each in sorted(said[0] | said[1]):
            scopes.number(*each)
        scopes.warnings = lone_accounts(*({scopes.name(*each) for each in table} for table in said))
        return scopes

    def name(self, account: str, currency: str) -> str:
        """How a warning calls the account: with its currency where there is one."""
        account = account if self.has_accounts else ""
        currency = currency or self.currencies.get(account, "")
        return f"{account or '(none)'} in {currency}" if currency else account or "(none)"

    def number(self, account: str, currency: str) -> int:
        account = account if self.has_accounts else ""
        currency = currency or self.currencies.get(account, "")
        return self.numbers.setdefault((account, currency), len(self.numbers) + 1)


def trial_match(
    *,
    lines: Iterable[str],
    expectations: Iterable[str],
    out: TextIO,
    suggestions: TextIO | None = None,
    left: TextIO | None = None,
    by_night: bool = False,
) -> Trial:
    """Run the engine on two tables and write each match; nothing is stored.

    lines, expectations  the rows of the CSV files, as text (docs/matching.md has the columns)
    out                  one row for each match
    suggestions          up to nine rows for each line that no match took
    left                 one row for each line that no match took, with its verdict
    by_night             match each account night by night, as if it had been live (commands/trial_nights.py)

    What a spreadsheet would compute is guarded in the results (formats.trial_table.guarded). Raises
    FileRejected with line and column.
    """
    line_rows = list(read_table(lines, LINE_COLUMNS, name="lines"))
    item_rows = list(read_table(expectations, ITEM_COLUMNS, name="expectations"))
    line_ids, item_ids = _Ids.of(row[1] for row in line_rows), _Ids.of(row[1] for row in item_rows)
    scopes = _Scopes.of(line_rows, item_rows)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        allow(cursor, 30 * MINUTE)
        make_working_tables(cursor)
        known = KnownItems.of(map(_party, item_rows))
        _give_lines(cursor, line_rows, line_ids, scopes, known)
        _give_items(cursor, item_rows, item_ids, scopes)
        give_names(cursor, known)
        trial = Trial(len(line_rows), len(item_rows), warnings=scopes.warnings)
        del line_rows, item_rows
        run = run_nights if by_night else run_passes
        outcome = run(cursor, tolerances=COMMON)
        trial.passes = outcome.passes
        _write_matches(cursor, out, line_ids, item_ids, trial)
        if suggestions or left:
            best = _write_suggestions(outcome, suggestions or io.StringIO(), line_ids, item_ids)
            _write_left(cursor, left or io.StringIO(), line_ids, best)
        transaction.set_rollback(True)
    return trial


def _give_lines(cursor, rows: list[tuple], ids: _Ids, scopes: _Scopes, known: KnownItems) -> None:
    with cursor.copy("COPY given_line FROM STDIN") as copy:
        for _at, number, on, bank_reference, account, kind, amount, currency, name, references, said in rows:
            text, named = unfolded(said)
            name = name or named
            brands = sorted(brands_in(name, *references, text))
            copy.write_row(
                (ids.numbers[number], scopes.number(account, currency), kind.lower(), on, amount,
                 known.who(name, text), bank_reference,
                 list(references), known.keys_of_line(references, text, name), False, brands)
            )  # fmt: skip


def _give_items(cursor, rows: list[tuple], ids: _Ids, scopes: _Scopes) -> None:
    together = _together(rows)
    with cursor.copy("COPY given_item FROM STDIN") as copy:
        for row in rows:
            (_at, number, on, earliest, latest, fee, payer, terminal, batch, account, kind, amount, currency,
             name, references, text) = row  # fmt: skip
            said = (*references, batch) if batch else references
            brands = " ".join(sorted(brands_in(name, batch, *references, text)))
            merchant, batch = payer if batch else "", batch or together.get(_shared_by(row), "")
            copy.write_row(
                (ids.numbers[number], scopes.number(account, currency), kind.lower(), on, earliest, latest,
                 amount, fee, payer or name, terminal, batch, list(said),
                 keys_of_item(said, text, terminal=terminal, merchant=merchant),
                 [normalised(payer), normalised(terminal or terminal_in(text)), brands])
            )  # fmt: skip


def _party(row: tuple) -> tuple[str, str, str]:
    payer, name, terminal, batch, text = (row[place] for place in _SAID_OF_ITSELF)
    return payer, name, batches_of(text, terminal=terminal, merchant=payer if batch else "")


def _together(rows: list[tuple]) -> dict[tuple, str]:
    """References that several items of one day, kind and payer share, as the batch that these are.

    Items that are all of one amount may be one item entered twice.
    """
    amounts: dict[tuple, list[int]] = defaultdict(list)
    for row in rows:
        if row[_ITEM_REFERENCES] and not row[_ITEM_BATCH]:
            amounts[_shared_by(row)].append(row[_ITEM_AMOUNT])
    return {said: "; ".join(said[-1]) for said, row in amounts.items() if len(set(row)) > 1}


def _shared_by(row: tuple) -> tuple:
    return tuple(row[place] for place in _SHARED_BY)


def _write_matches(cursor, out: TextIO, line_ids: _Ids, item_ids: _Ids, trial: Trial) -> None:
    writer = csv.writer(out)
    writer.writerow(OUT_COLUMNS)
    cursor.execute(_FOUND)
    for number, row in enumerate(cursor, start=1):
        name, score, lines, items, fee, difference, role, reasons, considered = row
        trial.matches, trial.matched_lines = number, trial.matched_lines + len(lines)
        looked_at = "; ".join(" ".join(map(str, each)) for each in json.loads(considered))
        ids = (line_ids.joined(lines), item_ids.joined(items))
        said = ("; ".join(reasons), looked_at)
        writer.writerow((f"M{number:08d}", name, score, *map(guarded, ids), fee, difference, role, *said))


def _write_left(cursor, out: TextIO, line_ids: _Ids, best: dict[int, Ranked]) -> None:
    """The lines that no match took, and why."""
    writer = csv.writer(out)
    writer.writerow(LEFT_COLUMNS)
    cursor.execute(_LEFT)
    for line, repeats, is_equal, original in cursor:
        if repeats and not is_equal:
            verdict, why = "duplicate", f"repeats {line_ids.texts[repeats]}"
        elif line in best:
            verdict, why = "suggested", best[line].against
        elif original:
            verdict, why = (
                "reversal",
                f"takes back {line_ids.texts[original]}: same reference, opposite amount",
            )
        else:
            verdict, why = "open", "nothing expected is like it"
        if is_equal:
            why = f"equal to {line_ids.texts[repeats]}, so that nothing says which of them is meant"
        writer.writerow((guarded(line_ids.texts[line]), verdict, why))


def _write_suggestions(outcome: Outcome, out: TextIO, line_ids: _Ids, item_ids: _Ids) -> dict[int, Ranked]:
    """All suggestions; the first of each line is returned."""
    writer = csv.writer(out)
    writer.writerow(SUGGESTION_COLUMNS)
    first = {}
    for board in outcome.boards.values():
        for line, ranked in suggestions_of(board):
            first[line.id] = ranked[0]
            for rank, each in enumerate(ranked, start=1):
                ids = (guarded(line_ids.texts[line.id]), rank, guarded(item_ids.joined(each.members)))
                writer.writerow((*ids, each.score, "; ".join(each.reasons), each.against))
    return first
