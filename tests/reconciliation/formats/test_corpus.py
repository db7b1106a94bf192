"""Every sample of the corpus, with the verdict that its manifest states where it states one."""

import csv
import os
import re
from pathlib import Path

import pytest

from hms_ach.refusal import FileRejected, Finding
from reconciliation.formats.statement import Statement
from tests.reconciliation.formats.collect import read_whole

CORPUS = Path(os.environ.get("HMS_ACH_CORPUS", Path(__file__).parents[4] / "shared" / "corpus"))
_MANIFEST = CORPUS / "MANIFEST.tsv"
_OURS = re.compile(r"^(bai2|csv|mt940|ofx)/|^iso20022/")
ROWS = (
    [row for row in csv.DictReader(_MANIFEST.open(), delimiter="\t") if _OURS.match(row["path"])]
    if _MANIFEST.exists()
    else []
)
_MESSAGES = re.compile(r"camt\.05[234]")
BANKS = [row for row in ROWS if "expected output" not in row["what"]]

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not ROWS, reason="the corpus is not here")]


def _read(row: dict[str, str]) -> tuple[list[Statement], list[Finding], str]:
    """What was read, what was found, and why reading stopped."""
    try:
        return *read_whole((CORPUS / row["path"]).read_bytes()), ""
    except FileRejected as refused:
        return [], list(refused.findings), str(refused)


def _named(rows: list[dict[str, str]]):
    return pytest.mark.parametrize("row", rows, ids=[row["path"] for row in rows])


@_named(BANKS)
def test_a_sample_is_read_or_refused_never_a_crash(row):
    statements, findings, stopped = _read(row)

    assert statements or findings or stopped


@_named([row for row in BANKS if row["expected"].startswith("moov/bai2")])
def test_bai2_is_read_where_the_reference_reads_it(row):
    """Findings that name a switch are deviations that a profile may allow; others refuse for good."""
    statements, findings, stopped = _read(row)

    is_refused = bool(stopped) or any(each.is_fatal and not each.switch for each in findings)
    assert is_refused == ("FAIL" in row["expected"])
    if row["invalid_by_design_hint"] == "yes":
        assert stopped or any(each.is_fatal for each in findings)
    elif not is_refused:
        counts = dict(pair.split("=") for pair in row["counts_totals"].split())
        assert len(statements) == int(counts["accounts"])
        assert sum(len(each.entries) for each in statements) == int(counts["details"])


@_named([row for row in BANKS if _MESSAGES.search(row["what"])])
def test_camt_has_the_entries_and_sums_that_the_manifest_states(row):
    statements, findings, stopped = _read(row)

    if row["invalid_by_design_hint"] == "yes":
        assert stopped or any(each.is_fatal for each in findings)
        return
    assert not stopped
    wanted = [(int(n), net) for n, net in re.findall(r"stmt n=(\d+) net=([-\d.]+)", row["counts_totals"])]
    found = [(each.booked_count, each.booked_minor) for each in statements]
    if wanted and not any(each.is_fatal for each in findings):
        found = found[: len(wanted)]  # the manifest lists the first four
        assert [count for count, _ in found] == [count for count, _ in wanted]
        assert [f"{minor / 100:.2f}" for _, minor in found] == [f"{float(net):.2f}" for _, net in wanted]


@_named([row for row in BANKS if row["what"] == "MT940"])
def test_mt940_has_the_statements_entries_and_balances_that_the_manifest_states(row):
    statements, _, stopped = _read(row)

    counts = {key: int(value) for key, value in (pair.split("=") for pair in row["counts_totals"].split())}
    assert not stopped
    assert len(statements) == counts["stmts"]
    assert sum(len(each.entries) for each in statements) == counts["tx61"]
    assert sum(each.difference_minor == 0 for each in statements) == counts["balanced"]


@_named([row for row in BANKS if row["path"].startswith("ofx/")])
def test_ofx_has_the_entries_that_the_manifest_states_or_a_finding_for_each(row):
    statements, findings, _ = _read(row)

    wanted = int(row["counts_totals"].split()[0].split("=")[1])
    lost = {each.line for each in findings if each.is_fatal and each.field in ("TRNAMT", "DTPOSTED")}
    assert sum(len(each.entries) for each in statements) + len(lost) == wanted
    if row["invalid_by_design_hint"] == "yes":
        assert findings


@_named([row for row in BANKS if row["path"].startswith("csv/") and "golden" in row["path"]])
def test_tables_are_read_by_a_guessed_profile(row):
    statements, findings, stopped = _read(row)

    garbled = [each for each in findings if each.field == "amount"]
    assert not stopped
    assert len(statements[0].entries) + len(garbled) == int(re.findall(r"\d+", row["counts_totals"])[0]) - 1
    assert bool(garbled) == (row["invalid_by_design_hint"] == "yes")
