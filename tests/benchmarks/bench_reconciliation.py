"""The bank: reading 100,000 entries beside a bare iterparse, and matching 100,000 lines."""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.db import connections

from hms_ach.access.commands import create_user
from hms_ach.access.models import Facility, LegalEntity, User
from ledger.commands import ensure_chart, open_period
from reconciliation.commands import create_bank_account, import_statement
from reconciliation.formats.camt import read, write
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Statement
from reconciliation.models import BankAccount
from tests.benchmarks import matching
from tests.benchmarks.figures import Figure, beside, interleaved_medians, within
from tests.make import reconciliation as make

DAY = date(2026, 3, 12)
N_ENTRIES = 100_000
REPETITIONS = 3


def run(place: Any) -> Iterator[Figure]:
    """The reader, its memory, the import, and the passes at three sizes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement.xml"
        _write_elsewhere(path)
        yield from _reading(path)
        account, actor = _account()
        yield _importing(path, account, actor)
    yield from matching.figures()


def _write_elsewhere(path: Path) -> None:
    """In a process of its own, so that this one's memory is what reading and matching take."""
    connections.close_all()
    writer = multiprocessing.get_context("fork").Process(target=lambda: path.write_bytes(_content()))
    writer.start()
    writer.join()
    if writer.exitcode:
        raise RuntimeError("the statement was not written")


def _content() -> bytes:
    """A statement of distinct references; every amount occurs about twice in a month."""
    entries = tuple(
        Entry(
            amount_minor=1_000 + n % 50_000,
            currency="USD",
            booked_on=DAY + timedelta(days=n % 5),
            bank_reference=f"B{n:08d}",
            references=(f"B{n:08d}", f"E2E{n}"),
            counterparty=f"Payer {n % 500}",
            description=f"Payment of invoice {n}",
        )
        for n in range(1, N_ENTRIES + 1)
    )
    total = sum(entry.amount_minor for entry in entries)
    return write(
        Statement("BENCH-1", "BENCH", "USD", 0, total, DAY, DAY + timedelta(days=4), entries=entries)
    )


def _reading(path: Path) -> Iterator[Figure]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _read(path)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    taken = interleaved_medians(
        {"ours": lambda: _seconds(_read, path), "theirs": lambda: _seconds(_iterate, path)},
        repetitions=REPETITIONS,
    )
    yield within("reconciliation", "memory of reading 100,000 entries", value=grown, unit="MB", limit=60)
    yield beside(
        "reconciliation",
        "100,000 entries of camt.053 read",
        value=taken["ours"],
        unit="s",
        against="ElementTree.iterparse, cleared, of the same file",
        against_value=taken["theirs"],
        ratio_at_most=2,
    )


def _seconds(work, *given: Any) -> float:
    began = time.process_time()
    work(*given)
    return time.process_time() - began


def _read(path: Path) -> None:
    with path.open("rb") as source:
        for _ in read(iter(lambda: source.read(65536), b""), Reading()):
            continue


def _iterate(path: Path) -> None:
    for _, element in ElementTree.iterparse(path):  # noqa: S314 - our own file
        element.clear()


def _account() -> tuple[BankAccount, User]:
    entity = LegalEntity.objects.create(code="BANKB", name="Bench bank", functional_currency="USD")
    ensure_chart(entity)
    open_period(legal_entity=entity, starts_on=DAY, actor=None)
    facility = Facility.objects.create(legal_entity=entity, code="BANKB", name="Bench bank")
    actor = create_user(username="bank-bench", name="Bank bench")
    account = create_bank_account(
        facility=facility,
        code="BANKB",
        name="Operating",
        number="BENCH-1",
        currency="USD",
        opened_on=DAY,
        actor=actor,
    )
    account = make.in_force(account, "BENCH-1")
    return account, actor


def _importing(path: Path, account: BankAccount, actor: User) -> Figure:
    began = time.perf_counter()
    with path.open("rb") as source:
        import_statement(
            content=source,
            name="bench.xml",
            actor=actor,
            facility_ids=[account.facility_id],
            account=account,
            statement_id="BENCH",
        )
    value = time.perf_counter() - began
    return within("reconciliation", "100,000 lines imported", value=value, unit="s", limit=60)
