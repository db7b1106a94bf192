"""`manage.py inspect_file`: what a file says, and nothing kept."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from tests.reconciliation.formats import test_mt940
from tests.reconciliation.formats.test_file import SAMPLES


def run(tmp_path, content: bytes, *options: str) -> tuple[str, int]:
    """What it prints, and how it ends."""
    path, out = tmp_path / "file", io.StringIO()
    path.write_bytes(content)
    try:
        call_command("inspect_file", str(path), *options, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(ended.code or 0)
    return out.getvalue(), 0


@pytest.mark.parametrize("format", SAMPLES)
def test_every_format_is_told_in_words_and_as_json(tmp_path, format):
    words, ended = run(tmp_path, SAMPLES[format])
    told, _ = run(tmp_path, SAMPLES[format], "--json")

    assert (ended, f"Format      {format}" in words, "It would be read." in words) == (0, True, True)
    said = json.loads(told)
    assert (said["format"], said["is_accepted"]) == (format, True)
    assert said["statements"][0]["entry_count"] == len(said["statements"][0]["entries"])


def test_a_refused_file_shows_every_finding_and_ends_with_one(tmp_path):
    content = test_mt940.message(":61:260230C10,00NTRFX\n:61:nonsense\n")

    words, ended = run(tmp_path, content)

    assert ended == 1
    assert "[mt940_days_of_30]" in words
    assert "'nonsense' is not an entry" in words


def test_a_switch_allows_as_a_profile_would(tmp_path):
    content = test_mt940.message(":61:260230C10,00NTRFX\n")

    words, ended = run(tmp_path, content, "--allow", "mt940_days_of_30")

    assert ended == 0
    assert "warn" in words


def test_a_column_profile_is_taken_from_a_file(tmp_path):
    profile = tmp_path / "columns.json"
    profile.write_text(
        '{"columns": {"booked_on": "1", "amount": "2"}, "has_headings": false, "currency": "USD"}'
    )

    words, _ = run(tmp_path, b"2026-03-12,5.00\n", "--profile", str(profile), "--format", "csv")

    assert "2026-03-12" in words
    profile.write_text('{"columns": {}}')
    with pytest.raises(CommandError, match="cannot be used"):
        run(tmp_path, b"x", "--profile", str(profile))


def test_what_excel_calls_unicode_text_is_guessed_too(tmp_path):
    words, _ = run(tmp_path, "Date\tAmount\n2026-03-12\t5.00\n".encode("utf-16"))

    assert "2026-03-12" in words
    assert "not in utf-16" not in words


def test_what_the_whole_file_lacks_stands_on_no_line_and_says_what_to_do(tmp_path):
    words, ended = run(tmp_path, b"Date,Amount\n2026-03-12,5.00\n")

    assert ended == 1
    assert "line 0 " not in words
    assert "no column says which account this is; state it in the column profile" in words


def test_an_archive_in_an_archive_goes_by_its_own_name(tmp_path):
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr("day.sta", SAMPLES["mt940"])
    with zipfile.ZipFile(outer, "w") as packed:
        packed.writestr("march.zip", inner.getvalue())

    words, _ = run(tmp_path, outer.getvalue())

    assert "the file march.zip is an archive inside the archive" in words


def test_an_entry_shows_its_references_party_and_text_and_each_balance_its_currency(tmp_path):
    words, _ = run(tmp_path, test_mt940.message(test_mt940.ENTRY + ":86:/EREF/E1/NAME/ACME/REMI/Invoice 7\n"))

    assert "Balance     Closing booked balance (CLBD): " in words
    for said in ("Booked", "bank   BANK1", "refs   E1", "party  ACME", "text   Invoice 7", "2026-03-12"):
        assert said in words


def test_amounts_in_no_currency_are_shown_as_they_were_read(tmp_path):
    words, _ = run(tmp_path, b"Date,Amount\n2026-03-12,-5.25\n")

    assert "-5.25" in words
    assert "None" not in words


def test_another_message_is_called_by_its_name(tmp_path):
    words, _ = run(tmp_path, b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"/>')

    assert "this is pain.002.001.03, not a camt" in words


def test_what_systems_leave_in_an_archive_is_no_file_of_the_bank(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("day.sta", SAMPLES["mt940"])
        archive.writestr("__MACOSX/._day.sta", b"\0\5\x16\7")
        archive.writestr(".DS_Store", b"\0\0\0\1Bud1")

    words, ended = run(tmp_path, packed.getvalue())

    assert (ended, "It would be read." in words) == (0, True)
