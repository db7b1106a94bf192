"""A trial night by night: what a night would have matched, not knowing the days to come."""

import pytest

from tests.make.trial import a_line, an_item, match, results

pytestmark = pytest.mark.django_db

MERCHANT = "607305256351"


def _traced(days: range) -> tuple[list[dict], list[dict]]:
    """Ten lines a day whose references tell."""
    lines, items = [], []
    for day in days:
        for n in range(10):
            amount, trace = 4_200_17 + 311_39 * n + 101 * day, f"RA{day:02d}9{n}3{n}7"
            items.append(an_item(f"I{day:02d}.{n}", amount, day=day, references=trace))
            lines.append(a_line(f"L{day:02d}.{n}", amount, trace, day=day))
    return lines, items


def test_a_night_does_not_know_the_line_of_the_next_day():
    """Two lines fit one item; a night that has seen the first alone takes it."""
    lines, items = _traced(range(1, 20))
    items.append(an_item("X", 1_329_741, day=10))
    lines += [a_line("A", 1_329_741, day=10), a_line("B", 1_329_741, day=11)]

    assert not {"A", "B"} & match(lines, items).keys()
    assert match(lines, items, by_night=True)["A"] == "X"


def test_an_item_is_not_known_before_it_is_expected():
    lines, items = _traced(range(1, 20))
    items.append(an_item("X", 1_329_741, day=18))
    lines.append(a_line("A", 1_329_741, "", day=17, references="RA77"))
    items.append(an_item("Y", 1_329_741, day=17))

    assert match(lines, items, by_night=True)["A"] == "Y"
    assert "A" not in match(lines, items)


def test_a_night_goes_by_what_those_before_have_shown():
    """Nineteen lines bore the merchant's number; the one that does not is no payment of it."""
    lines, items = [], []
    for day in range(1, 20):
        amount = 412_37 + 1_009 * day
        items.append(an_item(f"I{day}", amount, day=day, payer=MERCHANT, references=f"RA{day:02d}93"))
        lines.append(a_line(f"L{day}", amount, f"MERCH DEP {MERCHANT} RA{day:02d}93", day=day))
    items.append(an_item("X", 77_113, day=20, payer=MERCHANT))
    lines.append(a_line("X", 77_113, "COCA COLA COMMISSION", day=20))

    found = match(lines, items, by_night=True)

    assert len(found) == 19
    assert "X" not in found


def test_nights_end_with_the_verdicts_of_what_is_left():
    lines, items = _traced(range(1, 4))
    again = {**lines[0], "line_id": "AGAIN", "booked_on": "2026-03-03", "bank_reference": "BR1"}
    lines[0]["bank_reference"] = "BR1"
    lines += [again, a_line("Z", 77_113, day=2)]

    found, left = results(lines, items, by_night=True)

    assert len(found) == 30
    assert left == {"AGAIN": "duplicate", "Z": "open"}


def test_accounts_have_nights_of_their_own():
    """What is left of one stays as its own last night left it, whatever nights the other has."""
    lines, items = _traced(range(1, 4))
    other = [{**row, "line_id": f"O{row['line_id']}", "account": "B"} for row in lines]
    theirs = [{**row, "item_id": f"O{row['item_id']}", "account": "B"} for row in items]
    lines, items = ([{"account": "A", **row} for row in rows] for rows in (lines, items))
    lines.append(a_line("Z", 77_113, day=2, account="A"))
    items += [an_item(number, 77_113, day=2, account="A") for number in ("X", "Y")]

    found, left = results([*lines, *other], [*items, *theirs], by_night=True)

    assert found == match([*lines, *other], [*items, *theirs])
    assert len(found) == 60
    assert left == {"Z": "suggested"}
