"""What somebody with the application's own password might try on the book by plain SQL, rule by rule.

Two hospitals, A and B. A's January is closed, its February soft closed, its March open; there an entry 'good'
stands, and 'back', which reverses 'gone'. `test_attempts.py` makes them, tries each
attempt and counts.
"""
# A table: a line for an attempt is easier to read than eight.
# ruff: noqa: E501

from typing import NamedTuple


class Attempt(NamedTuple):
    """rule  what must hold; sql  what would break it; said  words of the database's refusal"""

    rule: str
    sql: str
    said: str


_A = "(SELECT id FROM access_legalentity WHERE code = 'EA')"
_FACILITY = "(SELECT id FROM access_facility WHERE code = '{}')"
_PERIOD = "(SELECT id FROM ledger_period WHERE starts_on = '{}' AND legal_entity_id = {})"
_ACCOUNT = "(SELECT id FROM ledger_account WHERE number = '{}' AND legal_entity_id = {})"
_ENTRY = "(SELECT id FROM ledger_entry WHERE key = '{}')"
_ATTEMPT = "(SELECT * FROM ledger_entry WHERE key = 'attempt') entry"
_RATE = "(SELECT max(id) FROM ledger_exchangerate WHERE base = 'EUR')"
_HEADER = {
    "public_id": "'ent_attempt'",
    "key": "'attempt'",
    "legal_entity_id": _A,
    "facility_id": _FACILITY.format("A"),
    "period_id": _PERIOD.format("2026-03-01", _A),
    "effective_on": "'2026-03-12'",
    "posted_at": "now()",
    "source_kind": "'attempt'",
    "source_id": "'1'",
    "memo": "''",
    "content_hash": "''",
    "n_postings": "2",
    "total_functional_minor": "100",
}
_LINE = {
    "entry_id": "entry.id",
    "legal_entity_id": "entry.legal_entity_id",
    "facility_id": "entry.facility_id",
    "effective_on": "entry.effective_on",
    "account_id": _ACCOUNT.format("1005", _A),
    "role": "'cash.drawer'",
    "payer_class": "''",
    "payer": "''",
    "tender": "''",
    "reference": "''",
}
RIGHT = [(1, 100, "USD", 100), (2, -100, "USD", -100)]


def _added(table: str, values: dict[str, str], **other: str) -> str:
    values = values | other
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def header(**other: str) -> str:
    return _added("ledger_entry", _HEADER, **other)


def lines(given: list[tuple] = RIGHT, of: str = "entry", **other: str) -> str:
    """Postings as (line, amount, currency, functional amount), of a CTE or of a table named entry."""
    values = _LINE | other
    rows = ", ".join(str(row) for row in given)
    return (
        f"INSERT INTO ledger_posting (line, amount_minor, currency, functional_minor, {', '.join(values)}) "
        f"SELECT given.*, {', '.join(values.values())} FROM {of}, (VALUES {rows}) AS given"
    )


def entry(given: list[tuple] = RIGHT, of_line: dict[str, str] | None = None, **of_header: str) -> str:
    """One statement that would write an entry: right in everything that is not said otherwise."""
    return f"WITH entry AS ({header(**of_header)} RETURNING *) {lines(given, **(of_line or {}))}"


def _period(**other: str) -> str:
    """A's April: right in everything that is not said otherwise."""
    days = {"starts_on": "'2026-04-01'", "ends_on": "'2026-04-30'", "state": "'OPEN'"}
    april = {"legal_entity_id": _A, "fiscal_year": "2026", "number": "4", **days}
    return _added("ledger_period", april, **other)


def _account(**other: str) -> str:
    """A further asset of A, likewise."""
    asset = {"natural_class": "'ASSET'", "normal_side": "'DEBIT'", "active_from": "'2026-01-01'"}
    named = {"legal_entity_id": _A, "number": "'A-NEW'", "name": "'New'", **asset}
    return _added("ledger_account", named, **other)


def late(given: list[tuple]) -> str:
    return lines(given, of="(SELECT * FROM ledger_entry WHERE key = 'good') entry")


def _kept(table: str) -> list[Attempt]:
    """What is written is never changed."""
    denied, rule = "permission denied|must be owner", f"{table} is append-only"
    return [
        Attempt(rule, f"UPDATE {table} SET id = id", denied),
        Attempt(rule, f"DELETE FROM {table}", denied),
        Attempt(rule, f"TRUNCATE {table} CASCADE", denied),
        Attempt(rule, f"ALTER TABLE {table} DISABLE TRIGGER ALL", denied),
    ]


_EURO_LINE = {"exchange_rate_id": _RATE}
_OTHER = _A.replace("EA", "EB")
_BACK = {"reverses_id": _ENTRY.format("good"), "key": "'again'", "public_id": "'ent_again'"}
_MIRROR = [(1, -100, "USD", -100), (2, 100, "USD", 100)]

ATTEMPTS = [
    # ---- balance
    Attempt("balanced per currency", entry([(1, 100, "USD", 100), (2, -99, "USD", -99)]), "debits and credits"),
    Attempt(
        "balanced per currency, though the functional amounts are",
        entry(
            [(1, 100, "EUR", 110), (2, -100, "EUR", -110), (3, 1, "EUR", 1), (4, -1, "USD", -1)],
            {"exchange_rate_id": f"CASE given.column3 WHEN 'EUR' THEN {_RATE} END"},
            n_postings="4",
            total_functional_minor="111",
        ),
        "debits and credits differ",
    ),
    Attempt(
        "balanced in the functional currency",
        entry([(1, 3, "EUR", 4), (2, -3, "EUR", -3)], _EURO_LINE, total_functional_minor="4"),
        "differs by 1 in the functional currency",
    ),
    Attempt("balanced, also by COPY", "COPY", "debits and credits differ"),
    # ---- two postings or more, all that were announced, and no later ones
    Attempt("two postings", entry([(1, 100, "USD", 100)], n_postings="1"), "debits and credits differ"),
    Attempt("no entry without postings", header(), "has no postings"),
    Attempt("no posting of zero", entry([(1, 0, "USD", 0), (2, 0, "USD", 0)]), "line 1 of entry ent_attempt is zero"),
    Attempt("as many as announced", entry([*RIGHT, (3, 5, "USD", 5), (4, -5, "USD", -5)]), "it announces"),
    Attempt("lines count from 1", entry([(-1, 100, "USD", 100), (2, -100, "USD", -100)]), "it announces"),
    Attempt("lines are 1 to n", entry([(1, 100, "USD", 100), (3, -100, "USD", -100)]), "it announces"),
    Attempt("the total is the announced one", entry(total_functional_minor="99"), "total it announces"),
    Attempt("a total is not negative", entry(total_functional_minor="-100"), "total it announces"),
    Attempt("a number of postings is not negative", entry(n_postings="-2"), "lines it announces"),
    Attempt("no later additions", late([(3, 5, "USD", 5), (4, -5, "USD", -5)]), "it announces"),
    Attempt("no later additions under the same lines", late(RIGHT), "line_once"),
    Attempt("no postings of no entry", lines(of="(SELECT 0 AS id, 0 AS legal_entity_id, 0 AS facility_id,"
            " date '2026-03-12' AS effective_on) entry"), "it announces"),
    Attempt("no entry in two statements with half the lines each",
            f"{header()}; {lines([RIGHT[0]], of=_ATTEMPT)}", "it announces|does not fit"),
    # ---- periods
    Attempt(
        "an open period",
        entry(period_id=_PERIOD.format("2026-01-01", _A), effective_on="'2026-01-12'"),
        "closed period",
    ),
    Attempt(
        "a soft closed period takes adjustments only",
        entry(period_id=_PERIOD.format("2026-02-01", _A), effective_on="'2026-02-12'"),
        "closed period",
    ),
    Attempt("a day of its period", entry(effective_on="'2026-04-01'"), "outside its period"),
    Attempt("a period that exists", entry(period_id="0"), "outside its period"),
    Attempt("a reopening by two", "UPDATE ledger_period SET state = 'OPEN'", "second person"),
    Attempt("a period keeps its days", "UPDATE ledger_period SET ends_on = ends_on - 1", "keeps its days"),
    Attempt("a period of an entity that exists", _period(legal_entity_id="0"), "access_legalentity"),
    Attempt("a period in a year", _period(fiscal_year="-1"), "fiscal_year_check"),
    Attempt("a period has a number", _period(number="0"), "period_in_order"),
    Attempt("a period's number once a year", _period(number="3"), "number_in_year"),
    Attempt("a period's days are in order", _period(ends_on="'2026-03-31'"), "period_in_order"),
    Attempt("a first day once", _period(starts_on="'2026-03-01'"), "start_in_entity"),
    Attempt("a day in one period", _period(starts_on="'2026-03-31'"), "no_overlap"),
    Attempt("a period is open or closed", _period(state="'AJAR'"), "state_known"),
    Attempt("a period stays", "DELETE FROM ledger_period", "permission denied"),
    Attempt("a late entry belongs to an earlier day", entry(belongs_on="'2026-03-12'"), "not before its own"),
    # ---- accounts, entities, departments
    Attempt("an account in use", entry(of_line={"account_id": _ACCOUNT.format("OLD", _A)}), "does not fit"),
    Attempt("an account in use by then", entry(of_line={"account_id": _ACCOUNT.format("NEW", _A)}), "not fit"),
    Attempt("an account of that currency", entry(of_line={"account_id": _ACCOUNT.format("EUR", _A)}), "not fit"),
    Attempt("an account that exists", entry(of_line={"account_id": "0"}), "does not fit"),
    Attempt("an account of the entity", entry(of_line={"account_id": _ACCOUNT.format("1005", _OTHER)}), "not fit"),
    Attempt("a facility of the entity", entry(facility_id=_FACILITY.format("B")), "another legal entity"),
    Attempt("a period of the entity", entry(period_id=_PERIOD.format("2026-03-01", _OTHER)), "another legal"),
    Attempt("lines of the entry's facility", entry(of_line={"facility_id": _FACILITY.format("B")}), "not fit"),
    Attempt("lines of the entry's entity", entry(of_line={"legal_entity_id": _OTHER}), "does not fit"),
    Attempt("lines of the entry's day", entry(of_line={"effective_on": "date '2026-03-11'"}), "does not fit"),
    Attempt("a department of the facility", entry(of_line={"department_id":
            "(SELECT id FROM access_department WHERE code = 'WB')"}), "does not fit"),
    Attempt("a department that exists", entry(of_line={"department_id": "0"}), "does not fit"),
    Attempt("a poster who exists", entry(posted_by_id="0"), "nobody"),
    Attempt("an account keeps its class", "UPDATE ledger_account SET natural_class = 'ASSET'", "keeps its"),
    Attempt("an account of an entity that exists", _account(legal_entity_id="0"), "access_legalentity"),
    Attempt("an account's number once", _account(number="'1005'"), "number_in_entity"),
    Attempt("an account begins before it ends", _account(active_until="'2026-01-01'"), "active_in_order"),
    Attempt("an account is not below itself", "UPDATE ledger_account SET parent_id = id WHERE number = '1005'", "below itself"),
    Attempt("an account's parent exists", _account(parent_id="0"), "its own entity and class"),
    Attempt("an account stays", "DELETE FROM ledger_account", "permission denied"),
    Attempt("an account's parent is of its class", "UPDATE ledger_account SET parent_id = "
            f"{_ACCOUNT.format('1005', _A)} WHERE natural_class = 'REVENUE'", "its own entity and class"),
    Attempt("an entity keeps its currency", "UPDATE access_legalentity SET functional_currency = 'EUR'", "keeps its"),
    Attempt("a facility keeps its entity", f"UPDATE access_facility SET legal_entity_id = {_A}", "keeps its"),
    Attempt("a department keeps its facility",
            f"UPDATE access_department SET facility_id = {_FACILITY.format('A')}", "keeps its"),
    Attempt("a department stays", "DELETE FROM access_department", "permission denied"),
    # ---- amounts, currencies and rates
    Attempt("whole minor units", entry().replace("(1, 100, 'USD', 100)", "(1, '100.50'::bigint, 'USD', 100)"),
            "invalid input syntax"),
    Attempt("an amount the book can hold", entry([(1, 2**63, "USD", 2**63), (2, -(2**63), "USD", 0)]), "out of range"),
    Attempt("functional amounts are the amounts", entry([(1, 100, "USD", 90), (2, -100, "USD", -90)],
            total_functional_minor="90"), "does not fit"),
    Attempt("foreign amounts have a rate", entry([(1, 100, "EUR", 100), (2, -100, "EUR", -100)]), "not fit"),
    Attempt("the rate is that currency's", entry([(1, 100, "GBP", 110), (2, -100, "GBP", -110)], _EURO_LINE,
            total_functional_minor="110"), "does not fit"),
    Attempt("converted at the rate", entry([(1, 100, "EUR", 150), (2, -100, "EUR", -150)], _EURO_LINE,
            total_functional_minor="150"), "does not fit"),
    Attempt("a difference of exchange in a currency that has rates", entry([(1, 0, "ZZZ", 100), (2, 0, "ZZZ", -100)]),
            "does not fit"),
    Attempt("a difference of exchange on money owned or owed", entry([(1, 0, "EUR", 100), (2, 0, "EUR", -100)],
            {"account_id": _ACCOUNT.format("4010", _A), "role": "'revenue.patient_services'"}), "does not fit"),
    # ---- keys, sources and reversals
    Attempt("a key once", entry(key="'good'"), "ledger_entry_key"),
    Attempt("a public id once", entry(public_id="(SELECT public_id FROM ledger_entry WHERE key = 'good')"), "public_id"),
    Attempt("a kind of source", entry(source_kind="''"), "no key or no source"),
    Attempt("a key", entry(key="''"), "no key or no source"),
    Attempt("a source", entry(source_id="''"), "no key or no source"),
    Attempt("one reversal", entry(_MIRROR, **_BACK | {"reverses_id": _ENTRY.format("gone")}), "reverses_id_once"),
    Attempt("a reversal is the mirror", entry(**_BACK), "exact mirror"),
    Attempt("a reversal has the same dimensions", entry(_MIRROR, {"tender": "'CASH'"}, **_BACK), "exact mirror"),
    Attempt("a reversal is of all lines", entry([(1, -100, "USD", -100), (2, 50, "USD", 50), (3, 50, "USD", 50)],
            **_BACK | {"n_postings": "3"}), "exact mirror"),
    Attempt("a reversal of what exists", entry(_MIRROR, **_BACK | {"reverses_id": "0"}), "exact mirror"),
    Attempt("a reversal is not before its original", entry(_MIRROR, **_BACK | {"effective_on": "'2026-03-01'"}),
            "exact mirror"),
    # ---- roles
    Attempt("a role moves by two", f"INSERT INTO ledger_accountrole (legal_entity_id, role, account_id, valid_from)"
            f" VALUES ({_A}, 'cash.drawer', {_ACCOUNT.format('1001', _A)}, '2026-04-01')", "second person"),
    Attempt("a role ends by two", "UPDATE ledger_accountrole SET valid_until = '2026-04-01'", "second person"),
    Attempt("a role keeps its account", f"UPDATE ledger_accountrole SET account_id = {_ACCOUNT.format('1001', _A)}"
            " WHERE role = 'cash.drawer'", "only ends"),
    Attempt("a role stays", "DELETE FROM ledger_accountrole", "permission denied"),
    # ---- append-only, and no way around the guards
    *_kept("ledger_entry"),
    *_kept("ledger_posting"),
    *_kept("ledger_exchangerate"),
    *_kept("ledger_snapshot"),
    *_kept("ledger_snapshotline"),
    *_kept("ledger_balancecheck"),
    *_kept("ledger_balancedrift"),
    *_kept("ledger_glbatchstep"),
    *_kept("ledger_glbatchentry"),
    *_kept("ledger_glbatchline"),
    *_kept("ledger_mappingstep"),
    Attempt("snapshots are the database's own", "INSERT INTO ledger_snapshot (period_id, version, n_postings, taken_at)"
            " SELECT id, 9, 0, now() FROM ledger_period", "permission denied"),
    Attempt("snapshots are taken by closing only", "SELECT ledger_sum_period(period) FROM ledger_period period",
            "permission denied"),
    Attempt("what awaits its postings is the database's own", "DELETE FROM ledger_announced", "permission denied"),
    Attempt("guards stay on", "SET session_replication_role = replica", "permission denied"),
    Attempt("guards stay", "DROP TRIGGER ledger_posting_checked ON ledger_posting", "must be owner"),
    Attempt("guards stay what they are", "CREATE OR REPLACE FUNCTION public.ledger_check_postings() RETURNS trigger"
            " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'", "permission denied|must be owner"),
    Attempt("guards read the book's own tables", "CREATE TEMP TABLE ledger_period AS SELECT * FROM public.ledger_period;"
            " UPDATE pg_temp.ledger_period SET state = 'OPEN'; "
            + entry(period_id=_PERIOD.format("2026-01-01", _A), effective_on="'2026-01-12'"), "closed period"),
    Attempt("nobody becomes the owner", "SET ROLE hms_ach_owner", "permission denied|does not exist"),
]  # fmt: skip
