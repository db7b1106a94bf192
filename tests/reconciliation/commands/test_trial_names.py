"""Who a line names that no reference has taught: whose words these are, and whose they are not."""

import pytest

from tests.make.trial import a_line, an_item, match

pytestmark = pytest.mark.django_db


def _told(payers: list[str]) -> tuple[list[dict], list[dict]]:
    """Eighteen remittances of these payers in turn, found by their references; the lines name nobody."""
    lines, items = [], []
    for n in range(18):
        amount, day, trace = 4_200_17 + 311_39 * n, 1 + n // 3, f"RA{n}9{n}3{n}"
        items.append(
            an_item(f"I{n}", amount, day=day, kind="eft", payer=payers[n % len(payers)], references=trace)
        )
        lines.append(a_line(f"L{n}", amount, trace, day=day, kind="142"))
    return lines, items


@pytest.mark.parametrize(
    ("named", "is_found"),
    [
        ("AMERICAN LIFE INSURANCE CO", False),
        ("SAUDI COOPERATIVE", False),
        ("OMAN INSURANCE SAOG", True),
        ("OMAN INS", True),
    ],
)
def test_a_word_of_the_trade_makes_no_payer_of_another(named, is_found):
    lines, items = _told(["Oman Insurance"])
    items.append(an_item("X", 1_329_741, day=8, kind="eft", payer="Oman Insurance"))

    found = match([*lines, a_line("X", 1_329_741, day=8, kind="142", counterparty=named)], items)

    assert ("X" in found) == is_found


@pytest.mark.parametrize(
    ("named", "is_found"),
    [("COCA COLA BOTTLING", False), ("AMERICAN HEALTH PLAN", False), ("HEALTH NET INC", True)],
)
def test_a_payer_of_words_of_the_trade_is_told_by_its_whole_name(named, is_found):
    lines, items = _told(["Health Net"])
    items.append(an_item("X", 1_329_741, day=8, kind="eft", payer="Health Net"))

    found = match([*lines, a_line("X", 1_329_741, day=8, kind="142", counterparty=named)], items)

    assert ("X" in found) == is_found


@pytest.mark.parametrize(("other", "is_found"), [("Gulf Takaful", False), ("Neuron", True)])
def test_a_word_that_two_payers_have_in_common_tells_neither(other, is_found):
    lines, items = _told(["Emirates Takaful", other])
    items.append(an_item("X", 1_329_741, day=8, kind="eft", payer="Emirates Takaful"))

    found = match([*lines, a_line("X", 1_329_741, day=8, kind="142", counterparty="TAKAFUL SALAMA")], items)

    assert ("X" in found) == is_found


def test_two_payers_of_the_same_words_are_not_called_by_others():
    lines, items = _told(["Medicare Part A Noridian", "Medicare Part B Noridian"])
    items.append(an_item("X", 1_329_741, day=8, kind="eft", payer="Medicare Part A Noridian"))

    for named, is_found in (("STATE OF ILLINOIS", False), ("NORIDIAN JF", True)):
        found = match([*lines, a_line("X", 1_329_741, day=8, kind="142", counterparty=named)], items)
        assert ("X" in found) == is_found
