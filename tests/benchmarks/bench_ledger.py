"""The book: entries a second beside pgbench running the same statement, and the trial balance."""

import multiprocessing
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, connections

import ledger.commands
from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.commands import Posting, ensure_chart, open_period, post_entry
from ledger.queries import trial_balance
from tests.benchmarks.figures import Figure, beside, interleaved_medians, within

DAY = date(2026, 3, 12)
SECONDS = 1.5
REPETITIONS = 3
N_BULK_ENTRIES = 50_000


def run(place: Any) -> Iterator[Figure]:
    """Posting by 1, 2, 4 and 8 clients in turns with pgbench, then the trial balance of what is there."""
    facility = _book()
    for clients in (1, 2, 4, 8):
        yield _entries_a_second(facility, clients, place.postgres_programs / "pgbench")
    yield from _trial_balance(facility)


def _book() -> Facility:
    entity = LegalEntity.objects.create(code="BENCH", name="Bench", functional_currency="USD")
    ensure_chart(entity)
    open_period(legal_entity=entity, starts_on=DAY, actor=None)
    return Facility.objects.create(legal_entity=entity, code="BENCH", name="Bench")


def _entries_a_second(facility: Facility, clients: int, pgbench: Path) -> Figure:
    taken = interleaved_medians(
        {
            "ours": lambda: _through_post_entry(facility, clients),
            "theirs": lambda: _through_pgbench(facility, clients, pgbench),
        },
        repetitions=REPETITIONS,
    )
    return beside(
        "ledger",
        f"entries posted, {clients} client{'s' * (clients > 1)}",
        value=taken["ours"],
        unit="1/s",
        against="pgbench, the same statement",
        against_value=taken["theirs"],
        ratio_at_least=0.5,
    )


def _through_post_entry(facility: Facility, clients: int) -> float:
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    start, answers = forked.Barrier(clients), forked.Queue()
    workers = [
        forked.Process(target=_post_until_done, args=(facility, start, answers)) for _ in range(clients)
    ]
    for worker in workers:
        worker.start()
    rate = sum(answers.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join()
    return rate


def _post_until_done(facility: Facility, start: Any, answers: Any) -> None:
    name = multiprocessing.current_process().name
    connections.close_all()
    _post(facility, f"warm:{name}:{time.monotonic_ns()}")
    start.wait()
    begin, n = time.perf_counter(), 0
    while (spent := time.perf_counter() - begin) < SECONDS:
        _post(facility, f"{name}:{time.monotonic_ns()}")
        n += 1
    answers.put(n / spent)
    connections.close_all()


def _post(facility: Facility, key: str) -> None:
    post_entry(
        key=key,
        facility=facility,
        effective_on=DAY,
        source=("bench", "1"),
        memo="",
        postings=[
            Posting("cash.drawer", Money(125_00, "USD"), reference="ses_1"),
            Posting("receivable.patient", Money(-125_00, "USD"), reference="ses_1"),
        ],
    )


def _through_pgbench(facility: Facility, clients: int, pgbench: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.sql"
        script.write_text("\\set n random(1, 1000000000000000000)\n" + _for_pgbench(facility))
        settings = connection.settings_dict
        options = ["-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(max(2, round(SECONDS)))]
        done = subprocess.run(
            [str(pgbench), *options, "-f", str(script), settings["NAME"]],
            env={
                "PGHOST": str(settings["HOST"] or settings.get("OPTIONS", {}).get("host", "")),
                "PGPORT": str(settings["PORT"]),
                "PGUSER": settings["USER"],
                "PGPASSWORD": settings["PASSWORD"],
            },
            capture_output=True,
            text=True,
            check=True,
        )
    return float(re.search(r"tps = ([0-9.]+) \(without", done.stdout).group(1))


def _for_pgbench(facility: Facility) -> str:
    """The statement of post_entry with everything but the key written out."""
    key = "('b' || :client_id::text || '_' || :n::text)"
    literals = {
        "key": key,
        "public_id": key,
        "facility_id": str(facility.pk),
        "effective_on": f"'{DAY}'",
        "posted_at": "now()",
        "posted_by_id": "NULL",
        "source_kind": "'bench'",
        "source_id": "'1'",
        "memo": "''",
        "content_hash": "'\\x00'",
        "n_postings": "2",
        "roles": "ARRAY['cash.drawer', 'receivable.patient']",
        "amounts": "ARRAY[12500, -12500]",
        "currencies": "ARRAY['USD', 'USD']",
        "departments": "ARRAY[NULL, NULL]",
        "payer_classes": "ARRAY['', '']",
        "payers": "ARRAY['', '']",
        "tenders": "ARRAY['', '']",
        "references": "ARRAY['ses_1', 'ses_1']",
    }
    text = (Path(ledger.commands.__file__).parent / "sql" / "post_entry.sql").read_text()
    without_comments = re.sub(r"--[^\n]*", "", text)
    return re.sub(r"%\((\w+)\)s", lambda found: literals[found[1]], without_comments) + ";\n"


def _trial_balance(facility: Facility) -> Iterator[Figure]:
    """Our query beside one bare GROUP BY of the same postings."""
    with connection.cursor() as cursor:
        cursor.execute(_BULK, {"n": N_BULK_ENTRIES, "facility": facility.pk, "day": DAY})
        cursor.execute("ANALYZE ledger_posting")
        cursor.execute("SELECT count(*) FROM ledger_posting")
        n = cursor.fetchone()[0]
    taken = interleaved_medians(
        {
            "ours": lambda: _milliseconds(
                lambda: trial_balance(legal_entity=facility.legal_entity, as_of=DAY)
            ),
            "bare": lambda: _milliseconds(_group_by),
        },
        repetitions=REPETITIONS,
    )
    figure = f"trial balance of {n:,} postings"
    yield beside(
        "ledger",
        figure,
        value=taken["ours"],
        unit="ms",
        against="one bare GROUP BY",
        against_value=taken["bare"],
        ratio_at_most=2,
    )
    yield within("ledger", figure, value=taken["ours"], unit="ms", limit=150)


def _group_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, sum(functional_minor) FROM ledger_posting GROUP BY account_id")
        cursor.fetchall()


def _milliseconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


_BULK = """
WITH place AS (
    SELECT facility.id, facility.legal_entity_id, period.id AS period_id
    FROM access_facility facility JOIN ledger_period period USING (legal_entity_id)
    WHERE facility.id = %(facility)s AND %(day)s::date BETWEEN period.starts_on AND period.ends_on
), entry AS (
    INSERT INTO ledger_entry (public_id, key, legal_entity_id, facility_id, period_id, effective_on,
        posted_at, source_kind, source_id, memo, content_hash, n_postings, total_functional_minor)
    SELECT 'bulk_' || n, 'bulk_' || n, place.legal_entity_id, place.id, place.period_id, %(day)s, now(),
        'bench', '1', '', '', 2, 100
    FROM place, generate_series(1, %(n)s) n
    RETURNING *
)
INSERT INTO ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role,
    amount_minor, currency, functional_minor, payer_class, payer, tender, reference)
SELECT entry.id, side.line, entry.legal_entity_id, entry.facility_id, entry.effective_on, role.account_id,
    role.role, side.amount, 'USD', side.amount, '', '', '', ''
FROM entry
CROSS JOIN (VALUES (1, 100, 'cash.drawer'), (2, -100, 'receivable.patient')) side (line, amount, role)
JOIN ledger_accountrole role ON role.legal_entity_id = entry.legal_entity_id AND role.role = side.role
"""
