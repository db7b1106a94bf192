"""What the simulator writes beside its tables: each file is one that the product reads."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from cashiering.formats.nacha import read as read_ach
from cashiering.formats.payout import read as read_payouts
from cashiering.formats.x12.remittance_notice import read as read_remittances
from hms_ach.demo.simulator.causes import CAUSES
from hms_ach.demo.simulator.knobs import RATES, Knobs
from hms_ach.demo.simulator.writing import write_files
from reconciliation.formats.file import Opened, read_bytes
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Statement

# What is rare happens more often here, so that two months of one hospital have all of it.
OFTEN = {name: max(share, 0.02) for name, share in RATES.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("network")
    write_files(Knobs(seed=4, days=60, rates=OFTEN), target)
    return target


def _truth(folder: Path) -> list[dict]:
    return [json.loads(text) for text in (folder / "truth.jsonl").read_text().splitlines()]


def test_everything_that_can_be_planted_is_in_the_answer_key_with_its_cause(folder):
    truth = _truth(folder)

    assert {row["planted"] for row in truth} - {""} == set(CAUSES)
    assert all(bool(row["cause"]) == bool(row["planted"]) for row in truth)
    assert len({row["id"] for row in truth}) == len(truth)


def test_no_damaged_reference_is_as_it_was(folder):
    tables = {}
    for name in ("lines", "expectations"):
        with (folder / f"{name}.csv").open(newline="") as source:
            tables[name] = {row[0]: row for row in csv.reader(source)}
    intact = [
        row["id"]
        for row in _truth(folder)
        if row["planted"] == "damaged_reference"
        and {*_said(tables["lines"], row["lines"])} & {*_said(tables["expectations"], row["items"])}
    ]

    assert intact == []


def _said(table: dict[str, list[str]], ids: list[str]) -> list[str]:
    """What names some lines or items: references, with the batches of items and the words of lines."""
    return [word for each in ids for cell in table[each][8:] for word in cell.replace(";", " ").split()]


def test_statements_are_read_and_bring_every_line_but_those_of_gaps(folder):
    booked, formats = Counter(), Counter()
    for path in sorted((folder / "statements").iterdir()):
        reading, opened = Reading(), Opened()
        for found in read_bytes(path.read_bytes(), reading, opened):
            if isinstance(found, Statement) and not path.name.startswith("again-"):
                assert found.difference_minor == 0
                booked[found.account_number] += found.booked_count
        assert reading.findings == [], path.name
        formats[str(opened.format)] += 1

    gaps = {row["about"][0][:-4] for row in _truth(folder) if row["planted"] == "statement_gap"}
    with (folder / "lines.csv").open(newline="") as source:
        wanted = Counter(
            row["account"]
            for row in csv.DictReader(source)
            if f"{row['account']}-{row['booked_on'].replace('-', '')}" not in gaps
        )
    assert booked == wanted
    assert set(formats) == {"camt", "bai2"}
    assert gaps


def test_remittances_are_read_and_only_what_is_planted_does_not_balance(folder):
    broken = sum(row.get("equation") == "E4" for row in _truth(folder))
    warned, traces = 0, Counter()
    for path in sorted((folder / "remittances").iterdir()):
        found = read_remittances([path.read_bytes()])
        assert not any(finding.is_fatal for finding in found.findings)
        if "-again-" not in path.name:
            warned += len(found.findings)
            traces.update(notice.trace for notice in found.notices)

    assert warned == broken > 0
    with (folder / "expectations.csv").open(newline="") as source:
        kinds = ("remittance", "remittance_cheque")
        announced = {
            row["references"].split(";")[0] for row in csv.DictReader(source) if row["kind"] in kinds
        }
    assert set(traces) == announced


def test_payouts_and_returns_are_read_and_are_what_the_bank_shows(folder):
    with (folder / "lines.csv").open(newline="") as source:
        amounts = {row["line_id"]: int(row["amount_minor"]) for row in csv.DictReader(source)}
    reports = sorted((folder / "payouts").iterdir())
    for path in reports:
        (payout,) = read_payouts([path.read_bytes()], currency="USD").payouts
        assert payout.net_minor == amounts[payout.reference.removeprefix("PO-")]
    reasons = Counter()
    for path in sorted((folder / "returns").iterdir()):
        found = read_ach([path.read_bytes()])
        assert found.findings == []
        reasons.update(each.reason for batch in found.batches for each in batch.returns)

    assert len(reports) > 50
    assert reasons["R01"] > reasons["R10"]


def test_the_same_knobs_write_the_same_files(tmp_path):
    for name in ("one", "two"):
        write_files(Knobs(seed=3, days=5), tmp_path / name)

    written = [path for path in sorted((tmp_path / "one").rglob("*")) if path.is_file()]
    assert len(written) > 10
    for path in written:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()
