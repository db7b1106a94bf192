"""What speaks against a match: the next number, another name, the rest that is there, a line's own item."""

import pytest

from reconciliation.rules.near import are_of_one_numbering
from tests.make.trial import a_line, an_item, match

MERCHANT = "607305256351"
pytestmark = pytest.mark.django_db


def _traced(count: int, *, tail: str = "") -> tuple[list[dict], list[dict]]:
    """Remittances of one payer, each found by its trace, a number that counts by 37."""
    lines, items = [], []
    for n in range(count):
        amount, day, trace = 4_200_17 + 311_39 * n, 1 + n // 3, f"{765_1000 + 37 * n}{tail}"
        items.append(an_item(f"I{n:02d}", amount, day=day, kind="eft", payer="Humana", references=trace))
        lines.append(a_line(f"L{n:02d}", amount, f"HUMANA INS CO TRN*1*{trace}*139", day=day + 1, kind="142"))
    return lines, items


@pytest.mark.parametrize("trace", ["76573890025", "76573810025"], ids=["next", "a few before"])
def test_the_next_number_before_a_fixed_tail_pays_nothing(trace):
    """A payer's counter ends with the same digits each time."""
    lines, items = _traced(40, tail="0025")
    items.append(an_item("X", 1_480_753, day=10, kind="eft", payer="Humana", references="76573870025"))
    unlike = an_item("Y", 1_480_753, day=10, kind="eft", payer="Humana", references="40012277")
    there = a_line("X", 1_480_753, f"HUMANA INS CO TRN*1*{trace}*139", day=11, kind="142")

    assert "X" not in match([*lines, there], items)
    assert "X" not in match([*lines, there], [*items, unlike])


def test_the_next_number_of_a_day_pays_nothing_though_every_day_counts_from_one():
    lines, items = [], []
    for n in range(60):
        day, batch = 1 + n // 6, f"202603{1 + n // 6:02d}{1 + n % 6:04d}"
        items.append(an_item(f"I{n}", 900_17 + 31_39 * n, day=day, kind="card", references=batch))
        lines.append(a_line(f"L{n}", 900_17 + 31_39 * n, f"BATCH {batch}", day=day + 1, kind="CR"))
    items.append(an_item("X", 4_234_57, day=12, kind="card", references="202603120001"))

    assert "X" not in match([*lines, a_line("X", 4_234_57, "BATCH 202603120002", day=13)], items)
    assert "X" in match([*lines, a_line("X", 4_234_57, "BATCH 202603120001", day=13)], items)


def test_a_slip_in_front_of_the_counter_is_one():
    lines, items = _traced(40, tail="0025")
    items.append(an_item("X", 1_480_753, day=10, kind="eft", payer="Humana", references="76573870025"))
    there = a_line("X", 1_480_753, "HUMANA INS CO TRN*1*76523870025*139", day=11, kind="142")

    assert match([*lines, there], items)["X"] == "X"


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        ("6910650025", "6910580025", True),
        ("4901000025", "4900990025", True),
        ("4901000025", "4708510025", False),
    ],
)
def test_digits_behind_the_counter_are_of_the_numbering_too(one, other, is_so):
    assert are_of_one_numbering(one, other) is is_so


def test_a_payment_under_the_next_trace_is_not_short_by_what_its_payer_takes_back():
    items = [
        an_item("PAID", 91_318, day=14, kind="eft", payer="Allied", references="V000633943"),
        an_item("KEPT", -9_353, day=14, kind="takeback", payer="Allied"),
    ]
    taught, expected = [], []
    for n in range(40):
        amount = 3_100_17 + 211_39 * n
        expected.append(
            an_item(f"I{n}", amount, day=1 + n // 3, kind="eft", payer="Allied", references=f"Q{n}77{n}31")
        )
        taught.append(
            a_line(f"L{n}", amount, f"TRN Q{n}77{n}31", day=2 + n // 3, counterparty="ALLIED BENEFIT")
        )

    def of(trace: str) -> bool:
        there = a_line("X", 81_965, f"TRN {trace}", day=15, counterparty="ALLIED BENEFIT")
        return "X" in match([*taught, there], [*expected, *items])

    assert of("W55")
    assert not of("V000633944")


def _insurers(count: int) -> tuple[list[dict], list[dict]]:
    """Two insurers, found by their advices."""
    lines, items = [], []
    for n in range(count):
        payer, word = (("AXA Gulf", "AXA INSURANCE GULF"), ("Daman", "DAMAN NATIONAL HEALTH INSUR"))[n % 2]
        amount, advice, day = 5_100_17 + 411_39 * n, f"RA{7_004_100 + 53 * n}", 1 + n // 3
        items.append(an_item(f"I{n}", amount, day=day, kind="insurer", payer=payer, references=advice))
        lines.append(a_line(f"L{n}", amount, f"TRF {word} {advice}", day=day + 1, kind="NTRF"))
    return lines, items


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("TRF DAMAN NATIONAL HEALTH INSUR CLAIM SETTLEMENT", False),
        ("TRF INCOMING CLAIM SETTLEMENT", True),
        ("TRF AXA INSURANCE GULF CLAIM SETTLEMENT", True),
    ],
)
def test_a_text_that_begins_like_anothers_does_not_pay(text, is_found):
    """However often the text stands there."""
    lines, items = _insurers(60)
    items.append(an_item("X", 1_753_01, day=12, kind="insurer", payer="AXA Gulf"))
    lines += [a_line(f"D{n}", 90_000_11 + 1_003_37 * n, text, day=11, kind="NTRF") for n in range(25)]
    lines.append(a_line("X", 1_753_01, text, day=13, kind="NTRF"))

    assert ("X" in match(lines, items)) is is_found


def test_a_beginning_that_many_payers_have_says_nothing_against_one():
    lines, items = [], []
    for n in range(240):
        payer, amount, trace = (
            f"Insurer {chr(65 + n % 8) * 5}",
            5_100_17 + 411_39 * n,
            f"RA{7_004_100 + 53 * n}",
        )
        items.append(an_item(f"I{n}", amount, day=1 + n // 20, kind="insurer", payer=payer, references=trace))
        lines.append(a_line(f"L{n}", amount, f"ACH CREDIT HCCLAIMPMT {trace}", day=2 + n // 20, kind="165"))
    items.append(an_item("X", 753_01, day=12, kind="insurer", payer="Insurer QQQQQ"))
    items += [
        an_item(f"Q{n}", 77_000_01 + n, day=1, payer="Insurer QQQQQ", references=f"QQ{8_000 + n}1")
        for n in range(25)
    ]
    lines += [a_line(f"Q{n}", 77_000_01 + n, f"WIRE QQ{8_000 + n}1", day=2, kind="195") for n in range(25)]
    lines.append(a_line("X", 753_01, "ACH CREDIT HCCLAIMPMT", day=13, kind="165"))

    assert match(lines, items)["X"] == "X"


def test_what_another_way_of_paying_makes_up_is_not_paid_by_habit():
    """VISA of each day is paid on the next; the last line is all of an open day, or VISA of a later one."""
    items = [
        an_item(f"V{day}", 1_100_13 + 217_31 * day, day=day, payer=MERCHANT, description="VISA")
        for day in range(1, 13)
    ]
    lines = [
        a_line(f"L{day}", 1_100_13 + 217_31 * day, f"MERCH {MERCHANT}", day=day + 1) for day in range(1, 12)
    ]
    earlier = items[11]["amount_minor"] + 1_000_07
    items += [
        an_item("M12", 1_000_07, day=12, payer=MERCHANT, description="MC"),
        an_item("V14", earlier, day=14, payer=MERCHANT, description="VISA"),
    ]
    last = a_line("LAST", earlier, f"MERCH {MERCHANT}", day=15)

    assert match([*lines, last], items)["L6"] == "V6"
    assert "LAST" not in match([*lines, last], items)
    assert match([*lines, last], [item for item in items if item["item_id"] != "M12"])["LAST"] == "V14"


@pytest.mark.parametrize("shown", [1_005_00, 995_00])
def test_what_the_bank_corrects_was_not_counted_wrongly(shown):
    items = [an_item("BAG", 1_000_00, day=7, kind="cash", references="00181854")]
    lines = [a_line("L", shown, "DEPOSIT 00181854", day=8)]
    corrected = a_line("C", 1_000_00 - shown, "DEPOSIT CORRECTION", day=8)

    assert match(lines, items) == {"L": "BAG"}
    assert "L" not in match([*lines, corrected], items)


def test_a_bag_short_by_what_is_taken_back_was_not_counted_wrongly():
    bag = an_item("BAG", 1_000_00, day=7, kind="cash", references="00181854")
    taken_back = an_item("BACK", -5_00, day=7, kind="cash")
    line = a_line("L", 995_00, "DEPOSIT 00181854", day=8)

    assert match([line], [bag]) == {"L": "BAG"}
    assert match([line], [bag, taken_back]) == {}


def test_a_bag_with_another_open_slip_was_not_counted_wrongly():
    items = [
        an_item("BAG", 1_165_00, day=7, kind="cash", references="00181854"),
        an_item("NEXT", 20_00, day=7, kind="cash", references="00181855"),
    ]
    line = a_line("L", 1_185_00, "DEPOSIT 00181854", day=8)

    assert match([line], items[:1]) == {"L": "BAG"}
    assert match([line], items) != {"L": "BAG"}


def test_a_line_that_is_just_what_other_items_show_is_no_part_of_a_sum():
    """Two deposits of a lockbox, and the one item that both would make up."""
    lines, items = [], []
    for n in range(40):
        amount, batch = 310_17 + 21_39 * n, f"7746{n:02d}9"
        items.append(
            an_item(f"I{n}", amount, day=1 + n // 3, kind="lockbox", payer=MERCHANT, references=batch)
        )
        lines.append(a_line(f"L{n}", amount, f"LOCK BOX {MERCHANT} {batch}", day=2 + n // 3))
    items.append(an_item("SUM", 97_83, day=15, kind="lockbox", payer=MERCHANT))
    lines += [
        a_line("P1", 77_83, f"LOCK BOX {MERCHANT}", day=16),
        a_line("P2", 20_00, f"LOCK BOX {MERCHANT}", day=17),
    ]
    others = [an_item(name, 20_00, day=16, kind="lockbox", payer=MERCHANT) for name in ("ONE", "OTHER")]

    assert match(lines, items)["P1;P2"] == "SUM"
    assert "P1;P2" not in match(lines, [*items, *others])
