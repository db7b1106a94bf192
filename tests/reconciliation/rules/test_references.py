"""References made comparable."""

import pytest

from reconciliation.rules.references import batch_keys, keys_of, normalised


@pytest.mark.parametrize(
    "written", ["BAG-0004711", "bag 4711", "0004711", "Ref: 4711", "TRN 04711"], ids=lambda text: text
)
def test_what_a_bank_pads_spaces_or_labels_is_the_same(written):
    assert normalised(written) == "4711"


def test_what_could_be_anybodys_says_nothing():
    assert [normalised(text) for text in ("DEPOSIT", "071", "")] == ["", "", ""]


def test_a_label_stays_where_too_little_would_be_left():
    assert normalised("BATCH 071") == "BATCH71"


def test_references_are_found_inside_a_text():
    assert "30033786" in keys_of([], "HCCLAIMPMT TRN*1*030033786*1265725848\\ CCD")


def test_a_number_glued_to_its_label_is_found():
    assert "123456789" in keys_of(["ACHPMT0123456789"])


def test_zeros_stay_where_too_little_would_be_left():
    assert [normalised(text) for text in ("T00001", "T-12345", "00001")] == ["T00001", "T12345", ""]


def test_a_number_in_groups_is_one_number_and_a_short_batch_is_kept_for_its_terminal():
    assert "347891978" in keys_of([], "HCCLAIMPMT 0347 8919 78 CCD")
    assert "BATCH13" in keys_of([], "TERM T00101 BATCH 013")


def test_a_terminal_and_a_number_name_its_batch():
    assert batch_keys("T-00012345", "0013") == ["T12345#13"]
    assert batch_keys("", "13") == batch_keys("T-12345", "BAG-1") == batch_keys("T-12345", "") == []


def test_an_amount_in_a_text_is_nobodys_number():
    assert keys_of([], "WIRE 88123 Charges 12.50 USD. Instructed 1044.00 USD.") == ["88123"]
