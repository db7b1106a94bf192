"""What lines and items say in other places: texts, names, subfields, shared references."""

import csv
import io

import pytest

from reconciliation.commands import trial_match
from tests.make.trial import table

LINE = ("line_id", "booked_on", "amount_minor", "counterparty", "references", "description")
ITEM = (
    "item_id", "expected_on", "amount_minor", "fee_minor", "kind", "payer", "counterparty", "terminal",
    "batch", "references", "description",
)  # fmt: skip
pytestmark = pytest.mark.django_db


def _match(lines: list[dict], items: list[dict]) -> set[tuple[str, str, str]]:
    """The matches as pass, lines and items."""
    out = io.StringIO()
    trial_match(lines=table(LINE, lines), expectations=table(ITEM, items), out=out)
    found = csv.DictReader(io.StringIO(out.getvalue()))
    return {(row["pass"], row["line_ids"], row["item_ids"]) for row in found}


def _line(number: str, amount: int, text: str = "", *, name: str = "", ref: str = "", day: int = 13) -> dict:
    row = (number, f"2026-03-{day:02d}", amount, name, ref, text)
    return dict(zip(LINE, row, strict=True))


def _item(number: str, amount: int, *, day: int = 12, **said) -> dict:
    return {"item_id": number, "expected_on": f"2026-03-{day:02d}", "amount_minor": amount, **said}


def test_a_text_with_its_subfields_is_read_joined_and_parted():
    found = _match(
        [
            _line("L1", 140904, "166?00GUTSCHRIFT?20KOSTENTRAEGER ZAHLUNG?218037575823?32IKK CLASSIC"),
            _line("L2", 120517, "166?00GUTSCHRIFT?20EREF+44806503?217903SVWZ+KOSTENTRAEGER?32R+V"),
        ],
        [_item("I1", 140904, references="8037575823"), _item("I2", 120517, references="448065037903")],
    )

    assert {(lines, items) for _pass, lines, items in found} == {("L1", "I1"), ("L2", "I2")}


@pytest.mark.parametrize(
    ("text", "ref"), [("TERM T4566 SEQ 376", ""), ("DEP T4566 CCD 376", ""), ("DEP T4566", "0376")]
)
def test_a_short_number_beside_its_terminal_names_the_batch(text, ref):
    """Two batches of the terminal on one day come to the same."""
    items = [
        _item("I1", 52_17, terminal="T4566", batch="376"),
        _item("I2", 52_17, terminal="T4566", batch="377"),
    ]

    assert {found[1:] for found in _match([_line("L1", 52_17, text, ref=ref)], items)} == {("L1", "I1")}


def test_a_batch_is_named_in_texts_alone():
    items = [
        _item("I1", 30_00, description="Card batch TID 4428 Bag 868 auth 538656"),
        _item("I2", 22_17, description="Card batch TID 4428 Bag 868 auth 977552"),
        _item("I3", 52_17, description="Card batch TID 4428 Bag 869 auth 111222"),
    ]

    found = _match([_line("L1", 52_17, "Kartenzahlungen TID 4428 BELEG 868")], items)

    assert found == {("reference_sum", "L1", "I1;I2")}


def test_a_merchants_number_in_the_counterpartys_name_counts():
    items = [
        _item(f"I{n}", 41_03 * n, payer="370816228708", terminal=f"T60{n}1", batch=f"70{n}")
        for n in (1, 2, 3)
    ]

    found = _match([_line("L1", 6 * 41_03, "DEPOSIT", name="SIX PAYMENTS 370816228708")], items)

    assert {each[1:] for each in found} == {("L1", "I1;I2;I3")}


def test_items_that_share_a_reference_are_one_batch():
    """So that a slip in the bank's reference is one, too."""
    usual = [(n, f"47{n}61{n}", 1_003_17 + 7_919 * n) for n in range(10, 22)]
    lines = [_line(f"U{n}", amount, ref=trace, day=6) for n, trace, amount in usual]
    items = [_item(f"J{n}", amount, kind="eft", references=trace, day=5) for n, trace, amount in usual]
    items += [_item(f"I{n}", 10_117 * n, kind="eft", references="9036735") for n in (1, 2, 3)]

    found = _match([*lines, _line("L1", 60_702, ref="9086735")], items)

    assert ("reference_near", "L1", "I1;I2;I3") in found


def test_two_equal_items_of_one_reference_stay_two():
    """One may have been entered twice: nothing says which."""
    items = [_item(f"I{n}", 10_117, kind="eft", references="9036735") for n in (1, 2)]

    assert _match([_line("L1", 10_117, ref="9036735")], items) == set()


def test_a_batchs_number_does_not_name_one_of_its_items():
    """The bag's count was short of an item: what is left happens to be the other."""
    items = [
        _item("I1", 100_00, kind="bag", batch="B00810271"),
        _item("I2", 1_00, kind="bag", batch="B00810271"),
    ]

    found = _match([_line("L1", 100_00, ref="B00810271")], items)

    assert not any(each[0] == "reference_item" for each in found)


def test_a_batch_that_every_line_pays_a_part_of_falls_apart():
    items = [_item(f"I{n}", 7_013 * n, kind="card", terminal="T4566", batch="70017") for n in (1, 2, 3)]
    lines = [_line(f"L{n}", 7_013 * n, "TERM T4566 SEQ 70017") for n in (1, 2, 3)]

    assert _match(lines, items) == {("reference_item", f"L{n}", f"I{n}") for n in (1, 2, 3)}
    odd = _line("L4", 5_05, "TERM T4566 SEQ 70017")
    assert not any(each[0] == "reference_item" for each in _match([*lines[:2], odd], items))


def test_what_is_short_by_an_item_is_no_difference_of_the_count():
    items = [
        _item(f"I{n}", amount, kind="cash", batch="B118334") for n, amount in enumerate((520_00, 5_00, 5_00))
    ]

    assert _match([_line("L1", 525_00, ref="B118334")], items) == set()


def test_a_wrong_booking_and_its_reversal_are_a_correction():
    lines = [
        _line("L1", 140_904, ref="8037575823", day=13),
        _line("L2", 141_804, ref="8037575823", day=12),
        _line("L3", -141_804, "REVERSAL", ref="8037575823", day=13),
    ]

    found = _match(lines, [_item("I1", 140_904, references="8037575823", day=11)])

    assert {(name, each) for name, each, _items in found} == {("reference", "L1"), ("correction", "L2;L3")}


def _of_payers(*lines: dict, items: list[dict]) -> set[tuple[str, str]]:
    """Matches of the lines among many of two payers that their names and references tell."""
    usual = [(n, ("Blue Pine", "Red Oak")[n % 2], 1_003_17 + 7_919 * n) for n in range(60)]
    rows = [_line(f"U{n}", amount, name=name, ref=f"TRC9{n:02d}17", day=6) for n, name, amount in usual]
    given = [
        _item(f"J{n}", amount, kind="eft", payer=f"P-{name}", references=f"TRC9{n:02d}17", day=5)
        for n, name, amount in usual
    ]
    found = _match([*rows, *lines], [*given, *items])
    return {each[1:] for each in found if each[1].startswith("L")}


def test_who_never_paid_for_a_payer_is_not_taken_for_it_by_the_amount():
    items = [_item("I1", 417_93, kind="eft", payer="P-Red Oak")]

    assert _of_payers(_line("L1", 417_93, name="RED OAK"), items=items) == {("L1", "I1")}
    assert _of_payers(_line("L1", 417_93, name="VENDOR REBATE"), items=items) == set()


def test_a_name_in_the_text_says_who_pays():
    """Two payers expect the amount: only the text says whose it is."""
    items = [
        _item("I1", 417_93, kind="eft", payer="P-Red Oak"),
        _item("I2", 417_93, kind="eft", payer="P-Blue Pine"),
    ]
    items[1]["counterparty"] = "Blue Pine"

    found = _of_payers(_line("L1", 417_93, "PREAUTHORIZED CREDIT BLUE PINE CLAIMS"), items=items)

    assert found == {("L1", "I2")}


def brands(*amounts: int) -> list[dict]:
    """Lines of one batch by brand of card, as a bank writes them."""
    text = "HEARTLAND DEP T4566 BATCH 376"
    return [_line(f"L{n}", amount, text, name="HEARTLAND") for n, amount in enumerate(amounts, start=1)]


def test_one_of_two_equal_lines_fills_no_place_of_an_item_of_its_amount():
    """The third brand may have come elsewhere, and the second line be there twice."""
    items = [
        _item(f"I{n}", amount, terminal="T4566", batch="376")
        for n, amount in enumerate((12500, 4000, 4000), start=1)
    ]

    assert _match(brands(12500, 4000, 4000), items) == set()


def test_two_equal_halves_of_one_item_are_its_lines():
    items = [_item("I1", 8000, terminal="T4566", batch="376")]

    assert _match(brands(4000, 4000), items) == {("reference_split", "L1;L2", "I1")}


@pytest.mark.parametrize(("rest", "is_found"), [(7500, False), (751_337, True)])
def test_what_a_named_line_leaves_of_an_item_must_be_no_amount_that_anybody_pays(rest, is_found):
    name = "HEALTHPLAN ONE"
    lines = [_line("L1", 1_000_25, name=name, ref="R770077"), _line("L2", rest, name=name)]
    items = [_item("I1", 1_000_25 + rest, payer="HP-1", counterparty=name, references="R770077")]

    assert _match(lines, items) == ({("split", "L1;L2", "I1")} if is_found else set())


def usual() -> tuple[list[dict], list[dict], set[tuple[str, str, str]]]:
    """Sixty lines and items, with their matches: hardly any line is a stranger's then."""
    amounts = {f"R77{n}13{n}": 300_00 + 7_91 * n for n in range(10, 70)}
    lines = [_line(f"U{ref}", amount, ref=ref) for ref, amount in amounts.items()]
    items = [_item(f"V{ref}", amount, references=ref) for ref, amount in amounts.items()]
    return lines, items, {("reference", f"U{ref}", f"V{ref}") for ref in amounts}


def test_a_terminals_number_is_no_slip_of_a_reference():
    lines, items, theirs = usual()
    items += [
        _item("I1", 517_43, references="12347678"),
        _item("I2", 517_43, references="99887766"),
        _item("I3", 41_17, terminal="12345678", batch="12"),
    ]

    found = _match([*lines, _line("L1", 517_43, "DEPOSIT 12345678")], items)

    assert found == theirs


@pytest.mark.parametrize("other", [41_03, 55_17])
def test_days_of_a_merchant_are_no_sum_where_another_day_comes_to_the_same(other):
    """Of three days the last two in a row make up the line; the first may stand in for the second."""
    lines, items, theirs = usual()
    days = ((9, other), (11, 41_03), (12, 73_09))
    items += [_item(f"I{day}", amount, day=day, payer="370816228708") for day, amount in days]

    found = _match([*lines, _line("L1", 114_12, "DEPOSIT 370816228708")], items)

    assert found - theirs == (set() if other == 41_03 else {("party_sum", "L1", "I11;I12")})
