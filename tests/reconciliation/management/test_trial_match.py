"""`manage.py trial_match`: what is refused changes no file."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

LINES = "line_id,booked_on,amount_minor\nL1,2026-03-12,1000\n"
ITEMS = "item_id,expected_on,amount_minor\nE1,2026-03-12,1000\n"


@pytest.fixture
def tables(tmp_path) -> list[Path]:
    paths = [tmp_path / "lines.csv", tmp_path / "expectations.csv"]
    for path, content in zip(paths, (LINES, ITEMS), strict=True):
        path.write_text(content)
    return paths


@pytest.mark.parametrize("named", ["lines.csv", "expectations.csv", "../{folder}/lines.csv"])
def test_a_result_never_takes_the_place_of_a_table(tables, tmp_path, named):
    with pytest.raises(CommandError, match="is named twice"):
        call_command("trial_match", *tables, tmp_path / named.format(folder=tmp_path.name))

    assert [path.read_text() for path in tables] == [LINES, ITEMS]
    assert sorted(tmp_path.iterdir()) == sorted(tables)


def test_two_results_are_two_files(tables, tmp_path):
    out = tmp_path / "out.csv"

    with pytest.raises(CommandError, match=r"out\.csv is named twice"):
        call_command("trial_match", *tables, out, suggestions=out)
    with pytest.raises(CommandError, match="is a folder; name a file"):
        call_command("trial_match", *tables, tmp_path)

    assert sorted(tmp_path.iterdir()) == sorted(tables)


def test_a_table_that_is_no_text_is_told_how_to_be_saved(tables, tmp_path):
    tables[0].write_bytes(LINES.encode("utf-16"))

    with pytest.raises(CommandError, match=r"lines is not text in UTF-8; save it as CSV \(UTF-8\)"):
        call_command("trial_match", *tables, tmp_path / "out.csv")

    assert sorted(tmp_path.iterdir()) == sorted(tables)
