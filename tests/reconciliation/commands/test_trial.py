"""Trying a bank: the engine on tables, nothing stored."""

import csv
import io
import random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach.refusal import FileRejected
from reconciliation.commands import trial_match
from reconciliation.models import Match, Suggestion

LINES = "line_id,account,kind,booked_on,amount_minor,currency,counterparty,references,description\n"
ITEMS = "item_id,account,kind,expected_on,amount_minor,fee_minor,currency,payer,terminal,batch,references\n"
pytestmark = pytest.mark.django_db


def _match(lines: list[str], items: list[str]) -> list[dict]:
    return _tried(lines, items)[0]


def _tried(lines: list[str], items: list[str]) -> tuple[list[dict], list[dict]]:
    """The matches, and the lines that none took."""
    out, left = io.StringIO(), io.StringIO()
    trial_match(
        lines=[LINES, *(f"{row}\n" for row in lines)],
        expectations=[ITEMS, *(f"{row}\n" for row in items)],
        out=out,
        left=left,
    )
    matches, rest = (list(csv.DictReader(io.StringIO(text.getvalue()))) for text in (out, left))
    return matches, rest


def _pairs(rows: list[dict]) -> set[tuple[str, str]]:
    return {(row["line_ids"], row["item_ids"]) for row in rows}


def test_a_reference_inside_the_text_matches():
    rows = _match(
        ["L1,OP,ach,2026-03-12,125050,USD,ACME,,HCCLAIMPMT TRN*1*0030033786*1999\\"],
        ["I1,OP,remittance,2026-03-11,125050,0,USD,Acme,,,30033786"],
    )

    assert _pairs(rows) == {("L1", "I1")}
    assert rows[0]["pass"] == "reference_normalised"
    assert "amount equal" in rows[0]["reasons"]


def test_the_items_of_a_batch_match_the_one_line_that_pays_them():
    rows = _match(
        ["L1,DEP,deposit,2026-03-12,90000,USD,,BAG0071234,"],
        [
            "I1,DEP,cash,2026-03-11,40000,0,USD,,,BAG0071234,",
            "I2,DEP,cash,2026-03-11,50000,0,USD,,,BAG0071234,",
        ],
    )

    assert _pairs(rows) == {("L1", "I1;I2")}


def test_a_batch_that_the_bank_pays_item_by_item_falls_apart():
    rows = _match(
        ["L1,OP,ach,2026-03-12,40017,USD,,TRC900001,", "L2,OP,ach,2026-03-12,50031,USD,,TRC900002,"],
        [
            "I1,OP,remittance,2026-03-11,40017,0,USD,P,,ERA77,TRC900001",
            "I2,OP,remittance,2026-03-11,50031,0,USD,P,,ERA77,TRC900002",
        ],
    )

    assert _pairs(rows) == {("L1", "I1"), ("L2", "I2")}
    assert {row["pass"] for row in rows} == {"reference_item"}


def test_a_rolling_batch_number_is_a_batch_for_each_time():
    rows = _match(
        ["L1,DEP,card,2026-03-02,30017,USD,,TID12345678,", "L2,DEP,card,2026-03-30,41031,USD,,TID12345678,"],
        [
            "I1,DEP,card,2026-03-01,30017,0,USD,,12345678,7,",
            "I2,DEP,card,2026-03-29,20001,0,USD,,12345678,7,",
            "I3,DEP,card,2026-03-29,21030,0,USD,,12345678,7,",
        ],
    )

    assert _pairs(rows) == {("L1", "I1"), ("L2", "I2;I3")}


def test_a_merchants_weekend_comes_as_one_sum_less_fees():
    items = [
        f"I{day}{n},DEP,card,2026-03-{day:02d},{1_000_000 + 77_777 * n + day},{200 + n},USD,887766554433,"
        f"T{n}5551{n},{day},"
        for day in (6, 7, 8)
        for n in (1, 2)
    ]
    net = sum(int(row.split(",")[4]) - int(row.split(",")[5]) for row in items)

    rows = _match([f"L1,DEP,card,2026-03-09,{net},USD,,MID 887766554433,"], items)

    assert [row["pass"] for row in rows] == ["party_sum"]
    assert rows[0]["fee_minor"] == str(sum(200 + n for n in (1, 2)) * 3)


def test_between_equals_nothing_is_matched():
    rows = _match(
        ["L1,DEP,x,2026-03-12,5000,USD,,,"],
        ["I1,DEP,copay,2026-03-11,5000,0,USD,,,,", "I2,DEP,copay,2026-03-12,5000,0,USD,,,,"],
    )

    assert rows == []


def _of_a_payer(*lines: str) -> list[dict]:
    """Matches of lines of 12,345.67, expected once, with trace 90067354, of a payer who pays often."""
    usual = [(n, f"900100{n:02d}", 1_000_03 + 7_919 * n) for n in range(12)]
    rows = [f"U{n},OP,ach,2026-03-05,{amount},USD,ACME,{trace}," for n, trace, amount in usual]
    for line, said in (each.split() for each in lines):
        rows.append(f"{line},OP,ach,2026-03-12,1234567,USD,ACME,{said},")
    items = [f"J{n},OP,remittance,2026-03-04,{amount},0,USD,Acme,,,{trace}" for n, trace, amount in usual]
    found = _match(rows, [*items, "I1,OP,remittance,2026-03-11,1234567,0,USD,Acme,,,90067354"])
    return [row for row in found if row["line_ids"].startswith("L")]


def test_a_reference_with_one_slip_matches_where_nothing_else_could():
    (row,) = _of_a_payer("L1 90061354")

    assert (row["line_ids"], row["item_ids"], row["pass"]) == ("L1", "I1", "reference_near")


@pytest.mark.parametrize("other", ["L2 EFT", "L2 90067353"], ids=["without a reference", "written alike"])
def test_a_slip_matches_nothing_where_another_line_could_be_meant(other):
    assert _of_a_payer("L1 90061354", other) == []


@pytest.mark.parametrize("sign", ["name", "number"])
def test_a_reference_that_two_payers_use_does_not_match_the_others(sign):
    """Ten lines of each payer say whose they are; then Blue Pine sends Red Oak's number and amount."""
    lines, items = [], []

    def paid(name: str, by: str, owed_by: str, on: int, minor: int, trace: int) -> None:
        said = f"{by},,TRC{trace}" if sign == "name" else f",,TRN*1*TRC{trace}*{by}"
        lines.append(f"{name},OP,ach,2026-03-{on:02},{minor},USD,{said}")
        items.append(f"I{name},OP,remittance,2026-03-{on:02},{minor},0,USD,{owed_by},,,TRC{trace}")

    blue, red = ("BLUE PINE", "RED OAK") if sign == "name" else ("410000001", "410000002")
    for n in range(1, 11):
        paid(f"B{n}", blue, blue, n, 70_000 + 311 * n, 10_000_000 + 77 * n)
        paid(f"R{n}", red, red, n, 90_000 + 313 * n, 30_000_000 + 79 * n)
    paid("BAIT", blue, red, 11, 12_345, 50_000_001)

    rows, left = _tried(lines, items)

    assert len(rows) == 20
    assert [(row["line_id"], row["verdict"]) for row in left] == [("BAIT", "suggested")]
    assert "somebody else" in left[0]["reason"]


def test_a_day_in_the_text_names_nothing():
    rows = _match(
        [
            "L1,OP,ach,2026-03-13,731441,USD,ACME,,HCCLAIMPMT 03/12/2026 CCD",
            "L2,OP,cash,2026-03-12,40000,USD,,,VAULT 20260312 BAG 555123",
            "L3,OP,ach,2026-03-13,520773,USD,ACME,,HCCLAIMPMT 20260312 CCD",
        ],
        [
            "I1,OP,remittance,2026-03-12,731441,0,USD,Acme,,,TRC100002",
            "I2,OP,bag,2026-03-12,40000,0,USD,,,,20260312-555123",
            "I3,OP,bag,2026-03-12,41000,0,USD,,,,20260312-555124",
            "I4,OP,remittance,2026-03-12,520773,0,USD,Acme,,,TRC100019",
        ],
    )

    assert _pairs(rows) == {("L1", "I1"), ("L2", "I2"), ("L3", "I4")}


def test_a_day_in_a_lines_text_is_not_the_number_that_an_item_of_weeks_ago_bears():
    item = "I1,OP,remittance,2026-02-20,731441,0,USD,Acme,,,260312"

    assert _match(["L1,OP,ach,2026-03-12,731441,USD,ACME,,HCCLAIMPMT 260312 CCD"], [item]) == []
    assert _pairs(_match(["L1,OP,ach,2026-04-02,731441,USD,ACME,,HCCLAIMPMT 260312 CCD"], [item])) == {
        ("L1", "I1")
    }


def test_the_day_of_a_bag_is_not_the_number_that_a_line_of_weeks_later_bears():
    line = "L1,OP,cash,2026-04-02,40000,USD,,,VAULT 260312"

    assert _match([line], ["I1,OP,bag,2026-03-12,40000,0,USD,,,,260312-555123"]) == []
    assert _pairs(_match([line], ["I1,OP,bag,2026-03-27,40000,0,USD,,,,260312-555123"])) == {("L1", "I1")}


def test_a_day_without_an_end_costs_nothing():
    rows = _match(
        ["L1,OP,ach,0001-01-02,731441,USD,ACME,TRC100002,", "L2,OP,ach,2026-03-12,5000,USD,,TRC100009,"],
        [
            "I1,OP,remittance,9999-12-31,731441,0,USD,Acme,,,TRC100002",
            "I2,OP,remittance,2026-03-12,5000,0,USD,Acme,,,TRC100009",
        ],
    )

    assert _pairs(rows) == {("L2", "I2")}


def test_a_number_that_a_text_parts_by_spaces_is_one_number():
    rows = _match(
        ["L1,OP,ach,2026-03-12,125050,USD,ACME,,HCCLAIMPMT 0030 0337 86 CCD"],
        ["I1,OP,remittance,2026-03-11,125050,0,USD,Acme,,,30033786"],
    )

    assert _pairs(rows) == {("L1", "I1")}


@pytest.mark.parametrize("trace", ["TRC100003", "TRC100011"])
def test_the_next_number_of_a_sequence_forbids_a_match_by_amount(trace):
    rows = _match(
        [f"L1,OP,ach,2026-03-12,731441,USD,ACME,{trace},"],
        ["I1,OP,remittance,2026-03-12,731441,0,USD,Acme,,,TRC100002"],
    )

    assert rows == []


def test_a_terminal_with_its_batchs_number_is_a_reference():
    """Two equal batches of one terminal, and one of another with the same number: each line says which."""
    text = "BANKCARD DEP {} BATCH {:03}"
    rows = _match(
        [
            f"L1,OP,card,2026-03-12,2500,USD,,,{text.format('T00001', 7)}",
            f"L2,OP,card,2026-03-13,2500,USD,,,{text.format('T00001', 8)}",
            f"L3,OP,card,2026-03-13,2500,USD,,,{text.format('T00002', 8)}",
            f"L4,OP,card,2026-03-14,2500,USD,,,{text.format('T00003', 7)}",
        ],
        [
            "I1,OP,card,2026-03-11,2500,0,USD,MID1,T00001,007,",
            "I2,OP,card,2026-03-12,2500,0,USD,MID1,T00001,008,",
            "I3,OP,card,2026-03-12,2500,0,USD,MID1,T00002,008,",
            "I4,OP,card,2026-03-12,2500,0,USD,MID1,T00003,009,",
        ],
    )

    assert _pairs(rows) == {("L1", "I1"), ("L2", "I2"), ("L3", "I3")}


def test_a_batch_number_does_not_match_at_another_terminal():
    rows = _match(
        ["L1,OP,card,2026-03-12,7350,USD,,BATCH 4711,BANKCARD DEP TERM-7001"],
        [
            "I1,OP,card,2026-03-11,7350,0,USD,MID1,TERM-7002,4711,",
            "I2,OP,card,2026-03-11,9900,0,USD,MID1,TERM-7001,4712,",
        ],
    )

    assert rows == []


def test_a_counter_of_the_bank_tells_no_line_that_is_repeated():
    """The bank numbers each day's lines from one: the third of two days is no duplicate."""
    lines = [f"L{n},OP,cash,2026-03-{n:02},{n * 111 + 5000},USD,,BAG{n}0004711,,00003" for n in range(2, 6)]
    lines += [
        "A,OP,cash,2026-03-12,40000,USD,,,VAULT,00003",
        "B,OP,cash,2026-03-16,40000,USD,,BAG555999,,00003",
    ]
    out = io.StringIO()

    trial_match(
        lines=[f"{LINES.strip()},bank_reference\n", *(f"{row}\n" for row in lines)],
        expectations=[ITEMS, "IB,OP,bag,2026-03-15,40000,0,USD,,,,BAG555999\n"],
        out=out,
    )

    assert _pairs(list(csv.DictReader(io.StringIO(out.getvalue())))) == {("B", "IB")}


def test_a_charge_under_the_banks_number_hides_no_line_that_is_repeated():
    """A bank's charge bears the number of what it is for, on the same day."""
    out, left = io.StringIO(), io.StringIO()

    trial_match(
        lines=[
            f"{LINES.strip()},bank_reference\n",
            "A,OP,ach,2026-03-12,731441,USD,ACME,TRC100002,,BR77001\n",
            "B,OP,ach,2026-03-13,731441,USD,ACME,TRC100002,,BR77001\n",
            "F,OP,fee,2026-03-12,-1500,USD,,,WIRE FEE,BR77001\n",
        ],
        expectations=[ITEMS, "I1,OP,remittance,2026-03-11,731441,0,USD,Acme,,,TRC100002\n"],
        out=out,
        left=left,
    )

    assert _pairs(list(csv.DictReader(io.StringIO(out.getvalue())))) == {("A", "I1")}
    assert "B,duplicate,repeats A" in left.getvalue()


def test_a_word_that_stands_for_every_bank_reference_hides_no_line_that_is_repeated():
    lines = [
        f"L{n},OP,ach,2026-03-{n:02},{n * 111 + 5000},USD,ACME,TRC{n}00077,,NONREF\n" for n in range(2, 25)
    ]
    lines += [
        f"{name},OP,ach,2026-03-{on},731441,USD,ACME,TRC100002,,NONREF\n"
        for name, on in (("A", 12), ("B", 13))
    ]
    out, left = io.StringIO(), io.StringIO()

    trial_match(
        lines=[f"{LINES.strip()},bank_reference\n", *lines],
        expectations=[ITEMS, "I1,OP,remittance,2026-03-11,731441,0,USD,Acme,,,TRC100002\n"],
        out=out,
        left=left,
    )

    assert _pairs(list(csv.DictReader(io.StringIO(out.getvalue())))) == {("A", "I1")}
    assert "B,duplicate,repeats A" in left.getvalue()


@pytest.mark.parametrize("days", [(1, 6, 11, 16, 21, 26), range(1, 27)])
def test_a_batch_of_long_ago_is_not_matched_where_one_of_its_number_lies_nearer(days):
    """The last batch 1 of the terminal was paid short; one of weeks ago has just that amount."""
    line = "L1,OP,card,2026-04-27,2500,USD,,,BANKCARD DEP T00001 BATCH 001"
    amounts = {day: 2500 if day == 1 else 3000 + 17 * day for day in days}
    items = [
        f"I{day},OP,card,2026-04-{day:02},{minor},0,USD,MID1,T00001,001," for day, minor in amounts.items()
    ]

    assert _match([line], items) == []
    assert _pairs(_match([line], items[:1])) == {("L1", "I1")}


def test_a_kind_that_references_never_taught_is_not_ruled_out():
    """Thirty payouts came as kind 165; that says nothing of card sums, which bear no reference."""
    lines = [f"P{n},OP,165,2026-03-{1 + n % 28:02},{70_000 + 731 * n},USD,,PO{n:03}77," for n in range(32)]
    items = [f"I{n},OP,payout,2026-03-{1 + n % 28:02},{70_000 + 731 * n},0,USD,PORTAL,,,PO{n:03}77"
             for n in range(32)]  # fmt: skip
    lines.append("C,OP,165,2026-03-12,912345,USD,,445501,BANKCARD MTOT DEP")
    items += [
        f"K{n},OP,card,2026-03-1{n},{part},0,USD,445501,T{n},{n}," for n, part in ((0, 512_345), (1, 400_000))
    ]

    assert ("C", "K0;K1") in _pairs(_match(lines, items))


def test_the_next_number_of_a_sequence_is_no_slip():
    assert [row["pass"] for row in _of_a_payer("L1 90067355")] != ["reference_near"]


def test_a_trace_that_points_elsewhere_forbids_a_match_by_amount():
    rows = _match(
        ["L1,OP,ach,2026-03-12,731441,USD,,TRC100002,"],
        [
            "I1,OP,remittance,2026-03-12,731441,0,USD,,,,TRC100001",
            "I2,OP,remittance,2026-03-12,990017,0,USD,,,,TRC100002",
        ],
    )

    assert rows == []


def test_a_repeated_line_and_its_correction_belong_together():
    rows = _match(
        [
            "L1,OP,ach,2026-03-12,731441,USD,ACME,TRC100002,",
            "L2,OP,ach,2026-03-13,731441,USD,ACME,TRC100002,",
            "L3,OP,ach,2026-03-16,-731441,USD,ACME,TRC100002,",
        ],
        ["I2,OP,remittance,2026-03-12,731441,0,USD,,,,TRC100002"],
    )

    assert _pairs(rows) == {("L1", "I2"), ("L2;L3", "")}


def test_a_line_taken_back_is_told_though_many_of_its_amount_bear_one_number():
    """Sixty receipts of one amount under one customer's number, and the second of them taken back."""
    lines = [f"L{n},OP,ach,2026-03-{1 + n % 9:02},5000,USD,,,CUST 881230 TRC{n:02}00077" for n in range(60)]
    lines.append("BACK,OP,ach,2026-03-12,-5000,USD,,,CUST 881230 TRC0200077")

    _matches, left = _tried(lines, ["I1,OP,remittance,2026-03-12,100,0,USD,,,,TRC555555"])

    told = {row["line_id"]: (row["verdict"], row["reason"]) for row in left if row["verdict"] == "reversal"}
    assert told == {"BACK": ("reversal", "takes back L2: same reference, opposite amount")}


def test_two_equal_lines_of_one_day_are_not_told_apart_by_their_ids():
    matches, left = _tried(
        [f"L{n},OP,ach,2026-03-12,731441,USD,ACME,TRC100002," for n in (1, 2)],
        ["I1,OP,remittance,2026-03-12,731441,0,USD,,,,TRC100002"],
    )

    assert matches == []
    assert [(row["line_id"], row["verdict"]) for row in left] == [("L1", "suggested"), ("L2", "suggested")]
    assert "equal to L2" in left[0]["reason"]


def test_equal_lines_and_as_many_equal_items_are_left_to_people():
    rows = _match(
        [f"L{n},OP,ach,2026-03-12,731441,USD,ACME,TRC100002," for n in (1, 2)],
        [f"I{n},OP,remittance,2026-03-12,731441,0,USD,,,,TRC100002" for n in (1, 2)],
    )

    assert rows == []


def test_every_line_is_matched_or_has_a_verdict():
    matches, left = _tried(
        [
            "L1,OP,ach,2026-03-12,731441,USD,ACME,TRC100002,",
            "L2,OP,ach,2026-03-13,731441,USD,ACME,TRC100002,",
            "L3,OP,ach,2026-03-13,999,USD,,TRC555555,",
            "L4,OP,return,2026-03-15,-731441,USD,,TRC100009,",
            "L5,OP,ach,2026-03-12,52099,USD,ACME,TRC100003,",
            "L6,OP,return,2026-03-14,-52099,USD,,,ACH REVERSAL TRC100003",
        ],
        [
            "I1,OP,remittance,2026-03-12,731441,0,USD,,,,TRC100002",
            "I2,OP,remittance,2026-03-12,52099,0,USD,,,,TRC100003",
        ],
    )

    assert [row["line_ids"] for row in matches] == ["L1", "L5"]
    assert [tuple(row.values()) for row in left] == [
        ("L2", "duplicate", "repeats L1"),
        ("L3", "open", "nothing expected is like it"),
        ("L4", "open", "nothing expected is like it"),
        ("L6", "reversal", "takes back L5: same reference, opposite amount"),
    ]


def test_an_account_that_is_spelt_differently_is_told_with_the_nearest_names():
    trial = trial_match(
        lines=[LINES, "L1,OPER-01,ach,2026-03-12,731441,USD,,TRC100002,\n"],
        expectations=[ITEMS, "I1,OPER 01,era,2026-03-12,731441,0,USD,,,,TRC100002\n"],
        out=io.StringIO(),
    )

    assert trial.matches == 0
    assert trial.warnings[0] == (
        "Account OPER-01 in USD of lines is not among the expectations, so nothing of it matches. "
        "The nearest there: OPER 01 in USD."
    )


def test_other_accounts_and_currencies_stay_apart():
    rows = _match(
        ["L1,OP,ach,2026-03-12,731441,USD,,TRC100002,"],
        [
            "I1,DEP,remittance,2026-03-12,731441,0,USD,,,,TRC100002",
            "I2,OP,remittance,2026-03-12,731441,0,EUR,,,,TRC100002",
        ],
    )

    assert rows == []


@pytest.mark.parametrize("word", ["", "NONREF"])
def test_ten_thousand_equal_amounts_match_nothing(word):
    """Neither where a bank has one word for every reference of its own."""
    days = [f"2026-03-{1 + n % 28:02d}" for n in range(10_000)]
    out = io.StringIO()

    trial_match(
        lines=[
            f"{LINES.strip()},bank_reference\n",
            *(f"L{n},OP,ach,{day},5000,USD,,,,{word}\n" for n, day in enumerate(days)),
        ],
        expectations=[
            ITEMS,
            *(f"I{n},OP,copay,{day},5000,0,USD,,,,\n" for n, day in enumerate(days)),
        ],
        out=out,
    )

    assert list(csv.DictReader(io.StringIO(out.getvalue()))) == []


def test_nothing_is_stored():
    _match(["L1,OP,a,2026-03-12,731441,USD,,TRC100002,"], ["I1,OP,b,2026-03-12,731441,0,USD,,,,TRC100002"])

    assert (Match.objects.count(), Suggestion.objects.count()) == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(to_regclass('pg_temp.given_line')) > 0")
        assert cursor.fetchone()[0] in (None, False)


def test_a_refused_table_says_where():
    with pytest.raises(FileRejected, match="Line 2: column amount_minor of lines"):
        _match(["L1,OP,a,2026-03-12,7.31,USD,,,"], [])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(seed):
    rng = random.Random(seed)
    items = [
        f"I{n:03d},OP,era,2026-03-{rng.randint(1, 9):02d},{rng.choice([5000, 7031, 9913]) + 100 * n},0,USD,"
        f"P{n % 3},,,{rng.choice(['', f'TRC9000{n % 7}'])}"
        for n in range(12)
    ]
    lines = [
        f"L{n:03d},OP,ach,2026-03-{rng.randint(1, 9):02d},{amount},USD,Payer,{reference},"
        for n, (amount, reference) in enumerate((row.split(",")[4], row.split(",")[10]) for row in items)
    ]

    before = _pairs(_match(lines, items))
    rng.shuffle(lines)
    rng.shuffle(items)

    assert _pairs(_match(lines, items)) == before


def test_the_order_of_accounts_does_not_say_which_of_them_takes_the_risk_of_a_run():
    """Two matches by amount, each just allowed, and together too much."""
    lines = [f"L{name},{name},ach,2026-03-03,{minor},USD,,," for name, minor in (("A", 4513), ("B", 4517))]
    items = [f"I{name},{name},x,2026-03-02,{minor},0,USD,,,," for name, minor in (("A", 4513), ("B", 4517))]

    before = _pairs(_match(lines, items))

    assert len(before) == 1
    assert _pairs(_match(lines[::-1], items[::-1])) == before


def test_a_table_without_accounts_and_currencies_is_one_account():
    out = io.StringIO()

    trial_match(
        lines=["id,account,currency,date,amount,reference\n", "L1,OP,USD,2026-03-12,73144,TRC100002\n"],
        expectations=["id,date,amount,reference\n", "I1,2026-03-12,73144,TRC100002\n"],
        out=out,
    )

    assert "L1,I1" in out.getvalue()
