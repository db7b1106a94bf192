"""How a merchant is used to pay, and what speaks against a match that only its amount suggests."""

import pytest

from tests.make.trial import a_line, an_item, match, results

MERCHANT, OTHER = "607305256351", "716379900656"
pytestmark = pytest.mark.django_db


def _fee(amount: int) -> int:
    return amount * 23 // 1000


def _two_tills(days: range, *, brand: str = "") -> tuple[list[dict], list[dict]]:
    """Of each day two batches of a merchant in whole dollars, paid as one sum less fees on the next day."""
    lines, items = [], []
    for day in days:
        amounts = (100_00 + 37_00 * day, 250_00 + 11_00 * (day * day % 17))
        for till, amount in enumerate(amounts):
            items.append(
                an_item(f"{brand}I{day:02d}.{till}", amount, day=day, payer=MERCHANT, fee_minor=_fee(amount))
                | {"description": f"{brand} till {till}"}
            )
        net = sum(amount - _fee(amount) for amount in amounts)
        lines.append(a_line(f"{brand}L{day:02d}", net, f"MERCH DEP {MERCHANT} {brand}", day=day + 1))
    return lines, items


def _days(days: range, brand: str = "") -> dict[str, str]:
    return {f"{brand}L{day:02d}": f"{brand}I{day:02d}.0;{brand}I{day:02d}.1" for day in days}


def test_a_merchant_that_pays_whole_days_pays_the_next_one_so():
    lines, items = _two_tills(range(1, 15))

    assert match(lines, items) == _days(range(1, 15))


def test_what_is_one_batch_of_another_day_is_not_taken_for_it():
    """Its own day is missing: the merchant never pays one of two batches, and not days later."""
    lines, items = _two_tills(range(1, 15))
    late = next(item for item in items if item["item_id"] == "I09.0")
    net = late["amount_minor"] - late["fee_minor"]
    lines = [line for line in lines if line["line_id"] != "L09"]

    found = match([*lines, a_line("X", net, f"MERCH DEP {MERCHANT}", day=14)], items)

    assert found == {line: days for line, days in _days(range(1, 15)).items() if line != "L09"}


def test_a_day_is_not_taken_as_usual_where_another_one_comes_to_the_same():
    """Both are paid a day late: the day before the first line comes to its amount, and is not its own."""
    lines, items = _two_tills(range(1, 20))
    by_id = {row.get("line_id") or row["item_id"]: row for row in (*lines, *items)}
    for till in (0, 1):
        by_id[f"I09.{till}"] |= {name: by_id[f"I08.{till}"][name] for name in ("amount_minor", "fee_minor")}
    by_id["L08"]["booked_on"] = "2026-03-10"
    by_id["L09"] |= {"booked_on": "2026-03-11", "amount_minor": by_id["L08"]["amount_minor"]}

    found = match(lines, items)

    assert found == {line: days for line, days in _days(range(1, 20)).items() if line not in ("L08", "L09")}


def test_each_batch_of_a_long_weekend_is_paid_by_itself_where_the_others_are():
    amounts = [2_100_17 + 113_77 * number for number in range(20)]
    days = [*range(2, 12), 13, 13, 13, *range(14, 21)]
    items = [
        an_item(f"I{n:02d}", amount, day=day, payer=MERCHANT, fee_minor=_fee(amount))
        for n, (amount, day) in enumerate(zip(amounts, days, strict=True))
    ]
    lines = [
        a_line(f"L{n:02d}", amount - _fee(amount), f"MERCH DEP {MERCHANT}", day=day + 1)
        for n, (amount, day) in enumerate(zip(amounts, days, strict=True))
    ]

    assert match(lines, items) == {f"L{n:02d}": f"I{n:02d}" for n in range(20)}


def test_what_a_merchant_pays_by_brand_is_of_that_brand():
    days = range(1, 15)
    lines, items = _two_tills(days, brand="VISA")
    more_lines, more_items = _two_tills(days, brand="AMEX")
    for row in (*more_lines, *more_items):
        row["amount_minor"] += 1_000_00

    for line in more_lines:
        line["amount_minor"] += 1_000_00
    found = match([*lines, *more_lines], [*items, *more_items])

    assert found == _days(days, "VISA") | _days(days, "AMEX")


def test_a_merchant_that_pays_each_brand_by_itself_need_not_name_it():
    """Two lines a day say the merchant's number alone; each is the sum of one brand's batches."""
    days = range(1, 15)
    lines, items = _two_tills(days, brand="VISA")
    more_lines, more_items = _two_tills(days, brand="AMEX")
    for row in more_items:
        row["amount_minor"] += 1_003_17
    for row in more_lines:
        row["amount_minor"] += 2 * 1_003_17
    nameless = [row | {"description": f"MERCH DEP {MERCHANT}"} for row in (*lines, *more_lines)]

    assert match(nameless, [*items, *more_items]) == _days(days, "VISA") | _days(days, "AMEX")


def test_a_brand_that_two_lines_name_makes_neither_repeat_the_other():
    numbers = {3: "7711223", 9: "8899001"}
    lines = [
        a_line(f"L{day}", 812_44, f"VISA DEP {number}", day=day, bank_reference="POS77")
        for day, number in numbers.items()
    ]
    items = [an_item(f"I{day}", 812_44, day=day, references=number) for day, number in numbers.items()]
    apart = [a_line(f"A{day}", 400_17, "JCB", day=day) for day in (3, 4)]

    found, left = results([*lines, *apart], items)

    assert found == {"L3": "I3", "L9": "I9"}
    assert left == {"A3": "open", "A4": "open"}


def test_what_names_the_brand_of_an_earlier_line_does_not_take_it_back():
    lines = [
        a_line("L1", 812_44, "VISA DEP 7711223", day=3),
        a_line("L2", -812_44, "VISA CHARGEBACK 8899001", day=9),
    ]
    items = [
        an_item("I1", 812_44, day=2, references="7711223"),
        an_item("I2", -812_44, day=8, references="8899001"),
    ]

    assert match(lines, items) == {"L1": "I1", "L2": "I2"}


def _named(count: int) -> tuple[list[dict], list[dict]]:
    """Single batches of two merchants, whose lines bear the number of theirs."""
    lines, items = [], []
    for n in range(count):
        merchant, amount = (MERCHANT, OTHER)[n % 2], 200_17 + 31_39 * n
        items.append(an_item(f"I{n:02d}", amount, day=1 + n // 2, payer=merchant))
        lines.append(a_line(f"L{n:02d}", amount, f"DEP {merchant}", day=2 + n // 2))
    return lines, items


def test_whose_lines_bear_its_number_is_not_paid_by_a_line_without_it():
    lines, items = _named(40)
    stranger = a_line("X", items[20]["amount_minor"], "COCA COLA COMMISSION", day=12)

    found = match([*(line for line in lines if line["line_id"] != "L20"), stranger], items)

    assert found == {f"L{n:02d}": f"I{n:02d}" for n in range(40) if n != 20}


@pytest.mark.parametrize(
    ("name", "is_found"), [("UNITED WAY", False), ("", True), ("JAMES WILLIAMS SR", True)]
)
def test_another_name_than_the_items_own_does_not_pay_it_by_its_amount(name, is_found):
    lines, items = _named(40)
    items.append(an_item("X", 753_01, day=12, payer="James Williams"))
    lines.append(a_line("X", 753_01, day=13, counterparty=name))

    assert ("X" in match(lines, items)) is is_found


@pytest.mark.parametrize(
    ("text", "alike", "is_found"),
    [("ACH CR COCA", 0, False), ("DEPOSIT", 0, False), ("DEPOSIT", 25, True), ("CR WILLIAMS", 0, True)],
)
def test_a_text_that_few_lines_have_is_somebodys(text, alike, is_found):
    """What many lines say alike says nothing of who pays."""
    lines, items = _named(40)
    items.append(an_item("X", 753_01, day=12, payer="James Williams"))
    lines += [a_line(f"D{n}", 9_000_11 + 1_003_37 * n, text, day=11) for n in range(alike)]
    lines.append(a_line("X", 753_01, text, day=13))

    assert ("X" in match(lines, items)) is is_found


def test_a_line_whose_like_all_bear_references_pays_nothing_by_its_amount():
    """Sixty cheques are found by their numbers; this one's number is nobody's."""
    lines = [
        a_line(f"L{n}", -50_17 - 31 * n, f"CHECK 3582{n:02d}", day=3 + n // 3, kind="475") for n in range(60)
    ]
    items = [
        an_item(f"I{n}", -50_17 - 31 * n, day=2 + n // 3, kind="refund", references=f"3582{n:02d}")
        for n in range(60)
    ]
    items.append(an_item("X", -913_02, day=12, kind="refund", references="385171"))

    assert "X" not in match([*lines, a_line("X", -913_02, "CHECK 412208", day=13, kind="475")], items)
    assert "X" in match([*lines, a_line("X", -913_02, "CHECK", day=13, kind="475")], items)


def test_what_takes_back_a_debit_that_came_twice_pays_nothing():
    """The portal's payment came long ago in a sum of many; its return came twice, and one was reversed."""
    items = [
        an_item("PAID", 36_31, day=2, references="P00013291"),
        an_item("RETURNED", -36_31, day=9, references="P00013291"),
    ]
    lines = [
        a_line("L1", -36_31, "RETURN R01", day=9, references="P00013291"),
        a_line("L2", -36_31, "RETURN R01", day=9, references="P00013291"),
        a_line("L3", 36_31, "REVERSAL RETURN", day=10, references="P00013291"),
    ]

    assert "PAID" not in match(lines, items).values()


def test_what_is_given_back_under_the_payments_number_is_found():
    items = [
        an_item("PAID", 36_31, day=2, references="P00013291"),
        an_item("GIVEN", -36_31, day=9, references="P00013291"),
    ]
    lines = [
        a_line("L1", 36_31, day=3, references="P00013291"),
        a_line("L2", -36_31, day=10, references="P00013291"),
    ]

    assert match(lines, items) == {"L1": "PAID", "L2": "GIVEN"}


def test_a_word_for_a_kind_of_line_means_what_it_means_on_its_own_account():
    """One bank calls everything CR, and quotes no reference of cards; another quotes them all."""
    lines, items = [], []
    for n in range(40):
        amount, day = 300_17 + 41_37 * n, 1 + n // 2
        told = {"account": "A", "references": f"TRC9{n:02d}17"}
        lines.append(a_line(f"T{n:02d}", amount, day=day, kind="CR", **told))
        items.append(an_item(f"T{n:02d}", amount, day=day, kind="eft", **told))
        there = {"account": "B", "references": f"BATCH77{n:02d}3"}
        lines.append(a_line(f"C{n:02d}", amount, day=day, kind="CARD", **there))
        items.append(an_item(f"C{n:02d}", amount, day=day, kind="card", payer=MERCHANT, **there))
    lines.append(a_line("X", 4_711_93, f"MERCH {MERCHANT}", day=12, kind="CR", account="A"))
    items.append(an_item("X", 4_711_93, day=12, kind="card", payer=MERCHANT, account="A"))

    assert match(lines, items)["X"] == "X"


@pytest.mark.parametrize("brand", ["", "VISA"], ids=["a day", "a brand's day"])
def test_a_batch_is_not_taken_where_a_whole_day_comes_to_the_same(brand):
    """Too few lines tell this merchant's habit: the earlier batch, or both of the later day."""
    lines, items = _named(40)
    merchant = "5618478403"
    items.append(an_item("EARLIER", 155_00, day=9, payer=merchant, fee_minor=4_65, description=brand))
    later = [
        an_item("ONE", 40_00, day=12, payer=merchant, fee_minor=1_21, description=brand),
        an_item("OTHER", 115_00, day=12, payer=merchant, fee_minor=3_44, description=brand),
    ]
    if brand:
        items.append(an_item("MORE", 71_00, day=12, payer=merchant, fee_minor=1_10, description="AMEX"))
    lines.append(a_line("X", 150_35, f"MERCH {merchant}", day=14))

    assert match(lines, [*items, *later]).get("X") != "EARLIER"
    assert match(lines, items)["X"] == "EARLIER"


def test_names_of_payers_say_nothing_of_how_late_lines_come():
    """In tables without kinds, names were taken for matches of the very day."""
    items = [
        an_item(f"N{n:02d}", 9_000_17 + 1_001_39 * n, day=1, payer=f"6230{n:02d}1")
        | {"counterparty": f"Insurance {chr(65 + n) * 6}"}
        for n in range(12)
    ]
    items.append(an_item("X", 1_753_01, day=5))

    assert match([a_line("X", 1_753_01, day=9)], items) == {"X": "X"}


@pytest.mark.parametrize(("text", "is_found"), [("ACH CR PARKING", False), ("ACH CR CIGNA HLTH", True)])
def test_a_payer_known_by_number_is_called_by_its_names(text, is_found):
    lines, items = _named(40)
    for n in range(10):
        items.append(an_item(f"E{n}", 900_31 + 77 * n, day=5, payer="62308", references=f"TRC9{n:02d}17"))
        lines.append(a_line(f"E{n}", 900_31 + 77 * n, f"ACH CR CIGNA TRC9{n:02d}17", day=6))
    items.append(an_item("X", 753_01, day=12, payer="62308", counterparty="Cigna Health"))
    lines.append(a_line("X", 753_01, text, day=13))

    assert ("X" in match(lines, items)) is is_found
