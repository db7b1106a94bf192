"""What decisions teach."""

from hypothesis import given
from hypothesis import strategies as st

from reconciliation.rules.learning import (
    Decided,
    DecidedItem,
    DecidedLine,
    Lesson,
    agrees,
    fee_of,
    lessons_of,
)


def decided(number: int, *, who="", said=(), shown=100_00, kind="deposit", payer="", kept=(), amount=100_00):
    line = DecidedLine(number, who, tuple(said), shown)
    return Decided(number, (line,), (DecidedItem(number, kind, payer, tuple(kept), amount),))


def _only(decisions) -> Lesson:
    (lesson,) = lessons_of(decisions)
    return lesson


def test_three_decisions_teach_whom_a_name_stands_for_and_two_do_not():
    rows = [decided(n, who="FIRSTDATA", payer="M-77") for n in range(3)]

    assert lessons_of(rows[:2]) == []
    assert _only(rows) == Lesson("PAYER", "FIRSTDATA", {"payer": "M-77"}, (0, 1, 2))


def test_a_name_that_once_stood_for_another_teaches_nothing():
    rows = [decided(n, who="FIRSTDATA", payer="M-77") for n in range(9)]

    assert lessons_of([*rows, decided(9, who="FIRSTDATA", payer="M-78")]) == []


def test_a_cut_reference_is_learnt_with_its_length_whatever_zeros_it_begins_with():
    keys = ["88120004711", "88129914712", "88120991713"]
    rows = [decided(n, said=[key[-8:].lstrip("0")], kept=[key]) for n, key in enumerate(keys)]

    lesson = _only(rows)

    assert (lesson.subject, lesson.says) == ("deposit", {"end": "last", "length": 8})
    assert agrees(lesson, decided(9, said=["12345678"], kept=["99912345678"]))
    assert agrees(lesson, decided(9, said=["12345679"], kept=["99912345678"])) is False
    assert agrees(lesson, decided(9, kept=["99912345678"])) is None


def test_what_a_bank_writes_before_references_is_learnt():
    rows = [decided(n, said=[f"XB9{n}4711"], kept=[f"{n}4711"]) for n in range(3)]

    assert _only(rows).says == {"prefix": "XB9"}


def test_the_contracted_fee_teaches_nothing_new():
    rows = [
        Decided(n, (DecidedLine(n, "", (), gross - 50),), (DecidedItem(n, "card_batch", "M", (), gross, 50),))
        for n, gross in enumerate((100_00, 200_00, 300_00))
    ]

    assert lessons_of(rows) == []


@given(
    rate=st.integers(1, 500),
    fixed=st.integers(0, 500),
    gross=st.lists(st.integers(50_000, 5_000_000), min_size=3, max_size=8, unique=True),
)
def test_a_fee_pattern_is_only_learnt_when_it_gives_every_fee_to_the_cent(rate, fixed, gross):
    said = {"basis_points": rate, "fixed_minor": fixed}
    rows = [
        decided(n, kind="card_batch", payer="M", amount=amount, shown=amount - fee_of(said, amount))
        for n, amount in enumerate(gross)
    ]

    lessons = lessons_of(rows)

    assert len(lessons) <= 1
    for lesson in lessons:
        assert all(agrees(lesson, row) for row in rows)
    if max(gross) - min(gross) > 1_000_000:
        assert lessons[0].says == said | {"kind": "card_batch"}


def test_a_fee_pattern_with_one_other_fee_is_none():
    fees = {100_000: 2_900, 200_000: 5_800, 400_000: 11_601}
    rows = [
        decided(n, kind="card_batch", payer="M", amount=gross, shown=gross - fee)
        for n, (gross, fee) in enumerate(fees.items())
    ]

    assert lessons_of(rows) == []
