"""What the page of an inspected file shows."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.make import access
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db


def test_codes_of_balances_and_entries_are_told_in_words():
    eve = make.reviewer(make.hospital())
    file = SimpleUploadedFile("s.xml", make.statement_file(make.line(12_50)))

    said = access.signed_in(eve).post(reverse("reconciliation:inspection"), {"file": file}).content.decode()

    assert "Opening booked balance (OPBD)" in said
    assert "Closing booked balance (CLBD)" in said
    assert "<td>Booked</td>" in said


@pytest.mark.parametrize("currency", ["", "XXX"])
def test_a_table_in_no_known_currency_is_shown_with_what_is_wrong(currency):
    eve = make.reviewer(make.hospital())
    rows = f"Date,Amount,Currency,Text\n2026-03-12,12.50,{currency},Fee\n"
    file = SimpleUploadedFile("t.csv", rows.encode())

    answer = access.signed_in(eve).post(reverse("reconciliation:inspection"), {"file": file})

    assert answer.status_code == 200
    assert "12.50" in answer.content.decode()
    assert "would be refused" in answer.content.decode()
