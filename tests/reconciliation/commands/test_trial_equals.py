"""Two answers fit, of one kind or of two: then none is chosen."""

import pytest

from tests.make.trial import a_line, an_item, match, results

MERCHANT = "607305256351"
ONE, OTHER = 3_000_13, 7_123_41
BOTH = ONE + OTHER
pytestmark = pytest.mark.django_db


def _taught(*, kind: str = "card", payer: str = "") -> tuple[list[dict], list[dict]]:
    """Forty of a kind, each found by its reference."""
    lines, items = [], []
    for n in range(40):
        amount, day, number = 900_17 + 31_39 * n, 1 + n // 4, f"REF{70_000 + 77 * n}X"
        items.append(an_item(f"I{n}", amount, day=day, kind=kind, payer=payer, references=number))
        lines.append(a_line(f"L{n}", amount, f"{payer} {number}", day=day + 1, kind="CR"))
    return lines, items


def _cards(number: str, amount: int, *, day: int, **said) -> dict:
    return an_item(number, amount, day=day, kind="card", payer=MERCHANT, **said)


@pytest.mark.parametrize(
    ("more_lines", "more_items"),
    [
        ([], [_cards("S", BOTH, day=12), _cards("T", BOTH, day=13)]),
        ([], [an_item("S", BOTH, day=13, kind="card")]),
        ([a_line("Y", BOTH, day=14, kind="CR")], [an_item("S", BOTH, day=13, kind="card")]),
        (
            [],
            [
                _cards("S", BOTH - 5_00, day=14, description="VISA"),
                _cards("T", 5_00, day=15, description="VISA"),
                _cards("U", 777_77, day=15, description="MC"),
            ],
        ),
        ([], [_cards("S", OTHER, day=11), _cards("T", 777_77, day=11)]),
        (
            [a_line(name, ONE, f"MERCH {MERCHANT}", day=14, kind="CR") for name in ("Y", "Z")]
            + [a_line(f"N{n}", 77_000_01 + n, f"MERCH {MERCHANT}", day=2, kind="CR") for n in range(3)],
            [],
        ),
    ],
    ids=["two of theirs", "one of nobody", "also for a line", "a brand", "in place of one", "lines for one"],
)
def test_days_are_no_sum_where_something_else_fits(more_lines, more_items):
    lines, items = _taught()
    items += [_cards("A", ONE, day=12, description="VISA"), _cards("B", OTHER, day=13, description="MC")]
    lines.append(a_line("X", BOTH, f"MERCH {MERCHANT}", day=14, kind="CR"))

    assert match(lines, items)["X"] == "A;B"
    assert "X" not in match([*lines, *more_lines], [*items, *more_items])


@pytest.mark.parametrize(
    ("more_lines", "more_items"),
    [
        ([], [an_item(name, BOTH, day=13, kind="card") for name in ("S", "T")]),
        ([a_line("Y", ONE, day=13, kind="CR"), a_line("Z", ONE, day=14, kind="CR")], []),
    ],
    ids=["for the line", "for an item"],
)
def test_items_are_no_sum_where_equals_fit(more_lines, more_items):
    lines, items = _taught()
    items += [an_item("A", ONE, day=12, kind="card"), an_item("B", OTHER, day=12, kind="card")]
    lines.append(a_line("X", BOTH, day=13, kind="CR"))

    assert match(lines, items)["X"] == "A;B"
    assert "X" not in match([*lines, *more_lines], [*items, *more_items])


def test_a_sum_without_fees_is_one_answer_though_another_item_has_a_fee():
    lines, items = _taught()
    items += [an_item("A", ONE, day=12, kind="card"), an_item("B", OTHER, day=12, kind="card")]
    items.append(an_item("C", 5_555_55, day=12, kind="card", fee_minor=5_50))

    assert match([*lines, a_line("X", BOTH, day=13, kind="CR")], items)["X"] == "A;B"


def test_an_item_came_not_in_two_lines_where_two_others_show_it():
    lines, items = _taught(payer=MERCHANT)
    items.append(_cards("U", BOTH, day=12))
    lines += [a_line(f"P{n}", amount, MERCHANT, day=13, kind="CR") for n, amount in enumerate((ONE, OTHER))]
    whole = [a_line("Y", BOTH, MERCHANT, day=13, kind="CR"), a_line("Z", BOTH, MERCHANT, day=14, kind="CR")]

    assert match(lines, items)["P0;P1"] == "U"
    assert not {"P0;P1", "Y", "Z"} & match([*lines, *whole], items).keys()


def test_a_payment_is_not_short_where_two_lines_show_it_whole():
    lines, items = _taught(payer="Allied")
    for row in lines:
        row["counterparty"] = "ALLIED BENEFIT"
    items.append(an_item("PAID", 91_318, day=14, kind="card", payer="Allied"))
    items.append(an_item("KEPT", -9_353, day=14, kind="takeback", payer="Allied"))
    lines.append(a_line("X", 81_965, day=15, counterparty="ALLIED BENEFIT", kind="CR"))
    whole = [a_line(name, 91_318, day=15, counterparty="ALLIED BENEFIT", kind="CR") for name in ("Y", "Z")]

    assert match(lines, items)["X"] == "KEPT;PAID"
    assert "X" not in match([*lines, *whole], items)


@pytest.mark.parametrize("second", ["CHQ88123", "CHQ88123;CHQ99345"])
def test_a_cheque_its_return_and_its_second_deposit_are_not_paid_by_one_line(second):
    items = [
        an_item("FIRST", ONE, day=5, kind="deposit", references="CHQ88123"),
        an_item("BACK", -ONE, day=8, kind="cheque_return", references=second),
        an_item("AGAIN", ONE, day=9, kind="deposit", references=second),
    ]

    assert match([a_line("X", ONE, "CHQ88123 CHQ99345", day=6)], items) == {}


def test_a_line_that_repeats_another_pays_no_sum_either():
    items = [
        an_item("A", ONE, day=5, references="CHQ88123"),
        an_item("B", OTHER, day=5, references="CHQ99345"),
    ]
    said = a_line("Y", BOTH, "CHQ88123 CHQ99345", day=6, bank_reference="BR771")

    assert match([said], items) == {"Y": "A;B"}
    assert match([a_line("X", BOTH, day=6, bank_reference="BR771"), said], items) == {}


def _batch(number: str, *parts: tuple[int, str]) -> list[dict]:
    """Items that the bank is expected to pay as one sum, each with a reference."""
    return [
        an_item(f"{number}{n}", amount, day=5, batch=f"ERA7{number}31", payer="Allied", references=reference)
        for n, (amount, reference) in enumerate(parts)
    ]


_ONE_OF_A_BATCH = _batch("B", (ONE, "TRC881177"), (OTHER, "TRC993311"))
_PAID = a_line("X", ONE, "TRC881177", day=6)


@pytest.mark.parametrize(
    "others",
    [
        [an_item("S", ONE, day=5, references="TRC881177")],
        [an_item(name, ONE, day=5, references="TRC881177") for name in "ST"],
        [an_item("S", ONE, day=4, references="TRC881177;TRC551133")],
        _batch("C", (ONE - 5_00, "TRC881177"), (5_00, "TRC881177")),
        [an_item(name, minor, day=5, references="TRC881177") for name, minor in (("S", ONE - 9), ("T", 9))],
    ],
    ids=["one alone", "two alone", "with more references", "a whole batch", "a sum"],
)
def test_a_line_pays_no_item_of_a_batch_where_its_reference_names_something_else_of_its_amount(others):
    assert match([_PAID], _ONE_OF_A_BATCH) == {"X": "B0"}
    assert match([_PAID], [*_ONE_OF_A_BATCH, *others]) == {}


@pytest.mark.parametrize("days", [(5, 5), (4, 5)], ids=["a batch", "a sum"])
def test_a_batch_is_not_paid_whole_where_a_line_pays_one_of_its_items(days):
    """Nor does that line pay the item, though the other line may pay something else."""
    items = _batch("B", (ONE, "TRC881177;ERA7B31"), (OTHER, "TRC993311;ERA7B31"))
    whole = a_line("Y", BOTH, "ERA7B31 TRC551133", day=6)
    others = [
        an_item(f"S{minor}", minor, day=day, references="TRC551133")
        for day, minor in zip(days, (9, BOTH - 9), strict=True)
    ]

    assert match([whole], items) == {"Y": "B0;B1"}
    assert match([_PAID], items) == {"X": "B0"}
    assert match([_PAID, whole], items) == {}
    assert match([_PAID, whole], [*items, *others]) == {}


def test_what_a_batch_that_is_paid_whole_has_in_it_keeps_no_other_item_open():
    items = _batch("B", (ONE, "TRC881177;ERA7B31"), (OTHER, "TRC993311;ERA7B31"))
    alone = an_item("S", ONE, day=5, references="TRC881177")

    found = match([_PAID, a_line("Y", BOTH, "ERA7B31", day=6)], [*items, alone])

    assert found == {"X": "S", "Y": "B0;B1"}


@pytest.mark.parametrize("names", ["AB", "BA"])
@pytest.mark.parametrize("also", ["", "CHQ88123 CHQ99345"], ids=["nothing", "more"])
def test_one_bank_reference_does_not_say_which_of_two_lines_of_a_day_is_the_earlier(names, also):
    items = [an_item(f"I{number}", ONE, day=5, references=number) for number in ("CHQ88123", "CHQ99345")]
    said = zip(names, ("CHQ88123", also), strict=True)
    lines = [a_line(name, ONE, text, day=6, bank_reference="BR771") for name, text in said]

    assert results(lines, items) == ({}, {"A": "suggested", "B": "suggested"})


@pytest.mark.parametrize("amounts", [(0,), (500_00, -500_00)], ids=["one", "two"])
def test_what_two_terminals_may_pay_is_not_paid_by_the_habit_of_one(amounts):
    items = [an_item(f"I{day}", ONE + 217_31 * day, day=day, terminal="TERM7001") for day in range(1, 13)]
    lines = [a_line(f"L{day}", ONE + 217_31 * day, "TID TERM7001", day=day + 1) for day in range(1, 12)]
    lines.append(a_line("X", ONE + 217_31 * 12, "TID TERM7001 TERM8002", day=13))
    rest = items[-1]["amount_minor"]
    shares = [rest] if amounts == (0,) else [rest - 500_00, 500_00]
    others = [an_item(f"T{n}", each, day=12, terminal="TERM8002") for n, each in enumerate(shares)]

    assert match(lines, items)["X"] == "I12"
    assert "X" not in match(lines, [*items, *others])


@pytest.mark.parametrize(
    "text", ["GUTSCHRIFT DAMAN NATIONAL CLAIM", "166?00GUTSCHRIFT?20DAMAN NATIONAL?21CLAIM"]
)
def test_a_name_behind_a_subfield_code_is_somebodys_too(text):
    lines, items = [], []
    for n in range(60):
        payer, name = (("AXA Gulf", "AXA GULF"), ("Daman", "DAMAN NATIONAL"))[n % 2]
        amount, day, advice = 5_100_17 + 411_39 * n, 1 + n // 3, f"RA{7_004_100 + 53 * n}"
        items.append(
            an_item(
                f"I{n}", amount, day=day, kind="insurer", payer=payer, counterparty=name, references=advice
            )
        )
        lines.append(
            a_line(f"L{n}", amount, f"166?00GUTSCHRIFT?20{name}?21{advice}", day=day + 1, kind="NTRF")
        )
    items.append(an_item("X", 1_753_01, day=12, kind="insurer", payer="AXA Gulf", counterparty="AXA GULF"))

    def is_found(said: str) -> bool:
        return "X" in match([*lines, a_line("X", 1_753_01, said, day=13, kind="NTRF")], items)

    assert is_found(text.replace("DAMAN NATIONAL", "AXA GULF"))
    assert not is_found(text)
