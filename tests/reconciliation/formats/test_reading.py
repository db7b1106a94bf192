"""Findings are kept within bounds; every switch is raised by a reader and explained."""

from pathlib import Path

import pytest

from hms_ach.refusal import MAX_FINDINGS
from reconciliation.formats.reading import SWITCHES, Reading

ROOT = Path(__file__).resolve().parents[3]
READERS = "".join(path.read_text() for path in (ROOT / "reconciliation" / "formats").rglob("*/*.py"))
PAGES = "".join(path.read_text() for path in (ROOT / "docs" / "formats").glob("*.md"))


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_is_raised_by_a_reader_and_stands_on_its_formats_page(switch):
    assert f'"{switch}"' in READERS
    assert f"`{switch}`" in PAGES


def test_a_fatal_finding_is_kept_however_many_warnings_came_before():
    reading = Reading("MT940")
    for line in range(MAX_FINDINGS + 50):
        reading.warn(line, "field", "value", "is odd", rule=":86:")
    reading.bad(9_999, "field", "x" * 100, "is wrong", rule=":61:")

    assert (reading.finding_count, len(reading.findings)) == (MAX_FINDINGS + 51, MAX_FINDINGS + 1)
    assert reading.is_refused
    assert (reading.findings[-1].rule, len(reading.findings[-1].value)) == ("MT940 :61:", 60)
