"""Reports of note counters: what is counted comes back, what is damaged is refused."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cashiering.formats.note_counter import NoteCountUnread, read_note_count
from cashiering.rules.denominations import DENOMINATIONS
from hms_ach.money import Money, digits

# A busy machine makes the first examples slow, not the strategy.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
counts = st.sampled_from(sorted(DENOMINATIONS)).flatmap(
    lambda currency: st.tuples(
        st.just(currency),
        st.dictionaries(st.sampled_from(DENOMINATIONS[currency]), st.integers(0, 9_999), min_size=1),
    )
)


def report(currency: str, pieces: dict[int, int], parting: str = " ") -> str:
    """What a machine prints of one run."""
    lines = [
        parting.join([str(Money(face, currency)), str(n), str(Money(face * n, currency))])
        for face, n in pieces.items()
    ]
    total = Money(sum(face * n for face, n in pieces.items()), currency)
    return "\n".join([currency, *lines, f"TOTAL {sum(pieces.values())} {total}"])


def read(currency: str, text: str):
    faces = DENOMINATIONS[currency]
    return read_note_count(text, currency=currency, faces=faces, places=digits(currency))


@patient
@given(counts, st.sampled_from([" ", "\t", " x ", ";", " : "]))
def test_what_a_machine_counted_comes_back_however_it_parts_its_words(count, parting):
    currency, pieces = count

    assert read(currency, report(currency, pieces, parting)).pieces == pieces


@patient
@given(counts, counts.filter(lambda count: count[0] == "USD"))
def test_two_runs_are_added_and_two_currencies_refused(first, second):
    (currency, pieces), (_usd, more) = first, second
    both = f"{report(*first)}\nREJECT 2\n\n{report(*second)}"

    if currency != "USD":
        with pytest.raises(NoteCountUnread):
            read(currency, both)
        return
    found = read(currency, both)
    assert found.rejected == 2
    assert found.pieces == {face: pieces.get(face, 0) + more.get(face, 0) for face in {*pieces, *more}}


@patient
@given(counts, st.data())
def test_no_single_changed_digit_is_taken_for_another_count(count, data):
    currency, pieces = count
    text = report(currency, pieces)
    at = data.draw(st.sampled_from([i for i, sign in enumerate(text) if sign.isdigit()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[at]]))

    try:
        found = read(currency, f"{text[:at]}{other}{text[at + 1 :]}")
    except NoteCountUnread:
        return
    assert counted(found.pieces) == counted(pieces)


def counted(pieces: dict[int, int]) -> dict[int, int]:
    """None of one note is none of another."""
    return {face: count for face, count in pieces.items() if count}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "nothing is here"),
        ("100 x 3", 1, "total is missing"),
        ("100 x 3\nTOTAL 3 200.00", 2, "add up"),
        ("100 x 3\nTOTAL 4 300.00", 2, "add up"),
        ("100 x 3 = 200.00\nTOTAL 3 300.00", 1, "times the pieces"),
        ("25 x 4\nTOTAL 4 100", 1, "no such note"),
        ("100 3\n100 2\nTOTAL 5 500", 2, "twice"),
        ("100 -3\nTOTAL 3 300", 1, "neither"),
        ("100 x 12 = 1,200.00\nTOTAL 12 1200.00", 1, "neither"),
        ("EUR\n100 x 3\nTOTAL 3 300", 1, "counted EUR"),
        ("hello there you\nTOTAL 0 0", 1, "neither"),
        ("0.015 x 2\nTOTAL 2 0.03", 1, "small part"),
        ("\n" * 501, 500, "too long"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_line(text, line, why):
    with pytest.raises(NoteCountUnread, match=why) as refused:
        read("USD", text)

    assert refused.value.line == line
