"""How a merchant is used to pay, and what speaks against a match that only its amount suggests."""

import csv
import io

import pytest

from reconciliation.commands import trial_match

LINE = (
    "line_id",
    "account",
    "booked_on",
    "bank_reference",
    "amount_minor",
    "kind",
    "counterparty",
    "references",
    "description",
)
ITEM = (
    "item_id", "account", "expected_on", "amount_minor", "fee_minor", "kind", "payer", "counterparty",
    "terminal", "batch",
    "references", "description",
)  # fmt: skip
MERCHANT, OTHER = "607305256351", "716379900656"
pytestmark = pytest.mark.django_db


def _table(columns: tuple[str, ...], rows: list[dict]) -> list[str]:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().splitlines(keepends=True)


def _match(lines: list[dict], items: list[dict]) -> dict[str, str]:
    """The items of each line."""
    return _results(lines, items)[0]


def _results(lines: list[dict], items: list[dict]) -> tuple[dict[str, str], dict[str, str]]:
    """The items of each line; and the verdict on each that is left."""
    out, left = io.StringIO(), io.StringIO()
    trial_match(lines=_table(LINE, lines), expectations=_table(ITEM, items), out=out, left=left)
    rows, rest = (csv.DictReader(io.StringIO(each.getvalue())) for each in (out, left))
    return (
        {row["line_ids"]: row["item_ids"] for row in rows},
        {row["line_id"]: row["verdict"] for row in rest},
    )


def _line(number: str, amount: int, text: str = "", *, day: int, **said) -> dict:
    return {
        "line_id": number,
        "booked_on": f"2026-03-{day:02d}",
        "amount_minor": amount,
        "description": text,
        **said,
    }


def _item(number: str, amount: int, *, day: int, **said) -> dict:
    return {"item_id": number, "expected_on": f"2026-03-{day:02d}", "amount_minor": amount, **said}


def _fee(amount: int) -> int:
    return amount * 23 // 1000


def _two_tills(days: range, *, brand: str = "") -> tuple[list[dict], list[dict]]:
    """Of each day two batches of a merchant in whole dollars, paid as one sum less fees on the next day."""
    lines, items = [], []
    for day in days:
        amounts = (100_00 + 37_00 * day, 250_00 + 11_00 * (day * day % 17))
        for till, amount in enumerate(amounts):
            items.append(
                _item(f"{brand}I{day:02d}.{till}", amount, day=day, payer=MERCHANT, fee_minor=_fee(amount))
                | {"description": f"{brand} till {till}"}
            )
        net = sum(amount - _fee(amount) for amount in amounts)
        lines.append(_line(f"{brand}L{day:02d}", net, f"MERCH DEP {MERCHANT} {brand}", day=day + 1))
    return lines, items


def _days(days: range, brand: str = "") -> dict[str, str]:
    return {f"{brand}L{day:02d}": f"{brand}I{day:02d}.0;{brand}I{day:02d}.1" for day in days}


def test_a_merchant_that_pays_whole_days_pays_the_next_one_so():
    lines, items = _two_tills(range(1, 15))

    assert _match(lines, items) == _days(range(1, 15))


def test_what_is_one_batch_of_another_day_is_not_taken_for_it():
    """Its own day is missing: the merchant never pays one of two batches, and not days later."""
    lines, items = _two_tills(range(1, 15))
    late = next(item for item in items if item["item_id"] == "I09.0")
    net = late["amount_minor"] - late["fee_minor"]
    lines = [line for line in lines if line["line_id"] != "L09"]

    found = _match([*lines, _line("X", net, f"MERCH DEP {MERCHANT}", day=14)], items)

    assert found == {line: days for line, days in _days(range(1, 15)).items() if line != "L09"}


def test_a_day_is_not_taken_as_usual_where_another_one_comes_to_the_same():
    """Both are paid a day late: the day before the first line comes to its amount, and is not its own."""
    lines, items = _two_tills(range(1, 20))
    by_id = {row.get("line_id") or row["item_id"]: row for row in (*lines, *items)}
    for till in (0, 1):
        by_id[f"I09.{till}"] |= {name: by_id[f"I08.{till}"][name] for name in ("amount_minor", "fee_minor")}
    by_id["L08"]["booked_on"] = "2026-03-10"
    by_id["L09"] |= {"booked_on": "2026-03-11", "amount_minor": by_id["L08"]["amount_minor"]}

    found = _match(lines, items)

    assert found == {line: days for line, days in _days(range(1, 20)).items() if line not in ("L08", "L09")}


def test_each_batch_of_a_long_weekend_is_paid_by_itself_where_the_others_are():
    amounts = [2_100_17 + 113_77 * number for number in range(20)]
    days = [*range(2, 12), 13, 13, 13, *range(14, 21)]
    items = [
        _item(f"I{n:02d}", amount, day=day, payer=MERCHANT, fee_minor=_fee(amount))
        for n, (amount, day) in enumerate(zip(amounts, days, strict=True))
    ]
    lines = [
        _line(f"L{n:02d}", amount - _fee(amount), f"MERCH DEP {MERCHANT}", day=day + 1)
        for n, (amount, day) in enumerate(zip(amounts, days, strict=True))
    ]

    assert _match(lines, items) == {f"L{n:02d}": f"I{n:02d}" for n in range(20)}


def test_what_a_merchant_pays_by_brand_is_of_that_brand():
    days = range(1, 15)
    lines, items = _two_tills(days, brand="VISA")
    more_lines, more_items = _two_tills(days, brand="AMEX")
    for row in (*more_lines, *more_items):
        row["amount_minor"] += 1_000_00

    for line in more_lines:
        line["amount_minor"] += 1_000_00
    found = _match([*lines, *more_lines], [*items, *more_items])

    assert found == _days(days, "VISA") | _days(days, "AMEX")


def test_a_brand_that_two_lines_name_makes_neither_repeat_the_other():
    numbers = {3: "7711223", 9: "8899001"}
    lines = [
        _line(f"L{day}", 812_44, f"VISA DEP {number}", day=day, bank_reference="POS77")
        for day, number in numbers.items()
    ]
    items = [_item(f"I{day}", 812_44, day=day, references=number) for day, number in numbers.items()]
    apart = [_line(f"A{day}", 400_17, "JCB", day=day) for day in (3, 4)]

    found, left = _results([*lines, *apart], items)

    assert found == {"L3": "I3", "L9": "I9"}
    assert left == {"A3": "open", "A4": "open"}


def test_what_names_the_brand_of_an_earlier_line_does_not_take_it_back():
    lines = [
        _line("L1", 812_44, "VISA DEP 7711223", day=3),
        _line("L2", -812_44, "VISA CHARGEBACK 8899001", day=9),
    ]
    items = [
        _item("I1", 812_44, day=2, references="7711223"),
        _item("I2", -812_44, day=8, references="8899001"),
    ]

    assert _match(lines, items) == {"L1": "I1", "L2": "I2"}


def _named(count: int) -> tuple[list[dict], list[dict]]:
    """Single batches of two merchants, whose lines bear the number of theirs."""
    lines, items = [], []
    for n in range(count):
        merchant, amount = (MERCHANT, OTHER)[n % 2], 200_17 + 31_39 * n
        items.append(_item(f"I{n:02d}", amount, day=1 + n // 2, payer=merchant))
        lines.append(_line(f"L{n:02d}", amount, f"DEP {merchant}", day=2 + n // 2))
    return lines, items


def test_whose_lines_bear_its_number_is_not_paid_by_a_line_without_it():
    lines, items = _named(40)
    stranger = _line("X", items[20]["amount_minor"], "COCA COLA COMMISSION", day=12)

    found = _match([*(line for line in lines if line["line_id"] != "L20"), stranger], items)

    assert found == {f"L{n:02d}": f"I{n:02d}" for n in range(40) if n != 20}


@pytest.mark.parametrize(
    ("name", "is_found"), [("UNITED WAY", False), ("", True), ("JAMES WILLIAMS SR", True)]
)
def test_another_name_than_the_items_own_does_not_pay_it_by_its_amount(name, is_found):
    lines, items = _named(40)
    items.append(_item("X", 753_01, day=12, payer="James Williams"))
    lines.append(_line("X", 753_01, day=13, counterparty=name))

    assert ("X" in _match(lines, items)) is is_found


@pytest.mark.parametrize(
    ("text", "alike", "is_found"),
    [("ACH CR COCA", 0, False), ("DEPOSIT", 0, False), ("DEPOSIT", 25, True), ("CR WILLIAMS", 0, True)],
)
def test_a_text_that_few_lines_have_is_somebodys(text, alike, is_found):
    """What many lines say alike says nothing of who pays."""
    lines, items = _named(40)
    items.append(_item("X", 753_01, day=12, payer="James Williams"))
    lines += [_line(f"D{n}", 9_000_11 + 1_003_37 * n, text, day=11) for n in range(alike)]
    lines.append(_line("X", 753_01, text, day=13))

    assert ("X" in _match(lines, items)) is is_found


def test_a_line_whose_like_all_bear_references_pays_nothing_by_its_amount():
    """Sixty cheques are found by their numbers; this one's number is nobody's."""
    lines = [
        _line(f"L{n}", -50_17 - 31 * n, f"CHECK 3582{n:02d}", day=3 + n // 3, kind="475") for n in range(60)
    ]
    items = [
        _item(f"I{n}", -50_17 - 31 * n, day=2 + n // 3, kind="refund", references=f"3582{n:02d}")
        for n in range(60)
    ]
    items.append(_item("X", -913_02, day=12, kind="refund", references="385171"))

    assert "X" not in _match([*lines, _line("X", -913_02, "CHECK 412208", day=13, kind="475")], items)
    assert "X" in _match([*lines, _line("X", -913_02, "CHECK", day=13, kind="475")], items)


def test_what_takes_back_a_debit_that_came_twice_pays_nothing():
    """The portal's payment came long ago in a sum of many; its return came twice, and one was reversed."""
    items = [
        _item("PAID", 36_31, day=2, references="P00013291"),
        _item("RETURNED", -36_31, day=9, references="P00013291"),
    ]
    lines = [
        _line("L1", -36_31, "RETURN R01", day=9, references="P00013291"),
        _line("L2", -36_31, "RETURN R01", day=9, references="P00013291"),
        _line("L3", 36_31, "REVERSAL RETURN", day=10, references="P00013291"),
    ]

    assert "PAID" not in _match(lines, items).values()


def test_what_is_given_back_under_the_payments_number_is_found():
    items = [
        _item("PAID", 36_31, day=2, references="P00013291"),
        _item("GIVEN", -36_31, day=9, references="P00013291"),
    ]
    lines = [
        _line("L1", 36_31, day=3, references="P00013291"),
        _line("L2", -36_31, day=10, references="P00013291"),
    ]

    assert _match(lines, items) == {"L1": "PAID", "L2": "GIVEN"}


def test_a_word_for_a_kind_of_line_means_what_it_means_on_its_own_account():
    """One bank calls everything CR, and quotes no reference of cards; another quotes them all."""
    lines, items = [], []
    for n in range(40):
        amount, day = 300_17 + 41_37 * n, 1 + n // 2
        told = {"account": "A", "references": f"TRC9{n:02d}17"}
        lines.append(_line(f"T{n:02d}", amount, day=day, kind="CR", **told))
        items.append(_item(f"T{n:02d}", amount, day=day, kind="eft", **told))
        there = {"account": "B", "references": f"BATCH77{n:02d}3"}
        lines.append(_line(f"C{n:02d}", amount, day=day, kind="CARD", **there))
        items.append(_item(f"C{n:02d}", amount, day=day, kind="card", payer=MERCHANT, **there))
    lines.append(_line("X", 4_711_93, f"MERCH {MERCHANT}", day=12, kind="CR", account="A"))
    items.append(_item("X", 4_711_93, day=12, kind="card", payer=MERCHANT, account="A"))

    assert _match(lines, items)["X"] == "X"


def test_a_batch_is_not_taken_where_a_whole_day_comes_to_the_same():
    """Too few lines tell this merchant's habit: the earlier batch, or both of the later day."""
    lines, items = _named(40)
    merchant = "5618478403"
    items += [
        _item("EARLIER", 155_00, day=9, payer=merchant, fee_minor=4_65),
        _item("ONE", 40_00, day=12, payer=merchant, fee_minor=1_21),
        _item("OTHER", 115_00, day=12, payer=merchant, fee_minor=3_44),
    ]
    lines.append(_line("X", 150_35, f"MERCH {merchant}", day=14))

    assert _match(lines, items).get("X") != "EARLIER"
    assert _match(lines, items[:-2])["X"] == "EARLIER"


def test_names_of_payers_say_nothing_of_how_late_lines_come():
    """In tables without kinds, names were taken for matches of the very day."""
    items = [
        _item(f"N{n:02d}", 9_000_17 + 1_001_39 * n, day=1, payer=f"6230{n:02d}1")
        | {"counterparty": f"Insurance {chr(65 + n) * 6}"}
        for n in range(12)
    ]
    items.append(_item("X", 1_753_01, day=5))

    assert _match([_line("X", 1_753_01, day=9)], items) == {"X": "X"}


@pytest.mark.parametrize(("text", "is_found"), [("ACH CR PARKING", False), ("ACH CR CIGNA HLTH", True)])
def test_a_payer_known_by_number_is_called_by_its_names(text, is_found):
    lines, items = _named(40)
    for n in range(10):
        items.append(_item(f"E{n}", 900_31 + 77 * n, day=5, payer="62308", references=f"TRC9{n:02d}17"))
        lines.append(_line(f"E{n}", 900_31 + 77 * n, f"ACH CR CIGNA TRC9{n:02d}17", day=6))
    items.append(_item("X", 753_01, day=12, payer="62308", counterparty="Cigna Health"))
    lines.append(_line("X", 753_01, text, day=13))

    assert ("X" in _match(lines, items)) is is_found
