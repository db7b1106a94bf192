"""Where a posting leads, and what is wrong with a map."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.mapping import Key, Map, Problem, Rule, Target, collisions, filled, problems_of

DAY = date(2026, 1, 1)
CATEGORIES = {"cash.drawer": "ASSET", "revenue.patient_services": "REVENUE"}
TARGETS = {"1": Target("ASSET", DAY, None), "4": Target("REVENUE", DAY, None)}


def rule(category="cash.drawer", code="1", **more):
    values = {"facility": "", "payer_class": "", "tender": "", "valid_from": DAY, "valid_until": None}
    return Rule(id=0, category=category, segments=(code,), **(values | more))


def problems(*rules, since=DAY, is_strict=False) -> list[Problem]:
    return problems_of(
        rules,
        since=since,
        categories=CATEGORIES,
        facilities=["NORTH", "SOUTH"],
        targets=TARGETS,
        account_index=0,
        is_strict=is_strict,
    )


SOUND = [rule(), rule("revenue.patient_services", "4")]


def test_the_facility_goes_before_the_payer_class_and_that_before_the_tender():
    rules = [
        rule(code="any"),
        rule(code="tender", tender="CASH"),
        rule(code="payer", payer_class="COMMERCIAL"),
        rule(code="both", payer_class="COMMERCIAL", tender="CASH"),
        rule(code="facility", facility="NORTH"),
    ]

    def led(facility, payer_class, tender):
        found = Map(rules).rule_for(Key("cash.drawer", facility, payer_class, tender), on=DAY)
        return found.segments[0]

    assert led("SOUTH", "", "CARD") == "any"
    assert led("SOUTH", "", "CASH") == "tender"
    assert led("SOUTH", "COMMERCIAL", "CARD") == "payer"
    assert led("SOUTH", "COMMERCIAL", "CASH") == "both"
    assert led("NORTH", "COMMERCIAL", "CASH") == "facility"


def test_a_rule_counts_from_its_first_day_until_the_day_before_its_end():
    rules = Map(
        [rule(code="old", valid_until=DAY + timedelta(5)), rule(code="new", valid_from=DAY + timedelta(5))]
    )

    led = [
        rules.rule_for(Key("cash.drawer", "NORTH"), on=DAY + timedelta(n)).segments[0] for n in (0, 4, 5, 9)
    ]

    assert led == ["old", "old", "new", "new"]
    assert rules.rule_for(Key("cash.drawer", "NORTH"), on=DAY - timedelta(1)) is None


def test_a_sound_map_has_no_problem():
    assert problems(*SOUND) == []


@pytest.mark.parametrize(
    "rules, kind, words",
    [
        ([SOUND[0]], "gap", "revenue.patient_services has no rule for NORTH"),
        ([SOUND[1], rule(facility="NORTH")], "gap", "cash.drawer has no rule for SOUTH"),
        ([SOUND[1], rule(tender="CASH")], "gap", "cash.drawer has no rule"),
        ([SOUND[1], rule(valid_until=date(2026, 6, 1))], "gap", "from 2026-06-01 on"),
        (
            [
                SOUND[1],
                rule(valid_until=date(2026, 6, 1)),
                rule(valid_from=date(2026, 6, 2)),
            ],
            "gap",
            "from 2026-06-01 on",
        ),
        ([*SOUND, rule(valid_from=date(2026, 2, 1))], "overlap", "two rules from 2026-02-01 on"),
        ([SOUND[1], rule(code="9")], "target", "leads to 9, which the general ledger's chart does not have"),
        ([SOUND[1], rule(code="{colour}")], "target", "braces"),
        ([SOUND[1], rule(code="4")], "type", "leads to 4, which is not of the class asset"),
        ([*SOUND, rule("cash.gold")], "target", "cash.gold is not a category"),
    ],
)
def test_each_fault_is_named(rules, kind, words):
    found = problems(*rules)

    assert [problem for problem in found if problem.kind == kind and words in problem.sentence]


def test_a_target_that_ends_before_its_rule_is_dead():
    targets = TARGETS | {"1": Target("ASSET", DAY, date(2026, 6, 1))}

    found = problems_of(
        SOUND,
        since=DAY,
        categories=CATEGORIES,
        facilities=["NORTH"],
        targets=targets,
        account_index=0,
        is_strict=False,
    )

    assert [problem.kind for problem in found] == ["target"]


def test_sharing_a_code_is_told_and_refused_only_when_strict():
    shared = [rule(code="1"), rule("revenue.patient_services", "1")]

    assert collisions(shared) == {("1",): ["cash.drawer", "revenue.patient_services"]}
    assert "collision" in {problem.kind for problem in problems(*shared, is_strict=True)}
    assert "collision" not in {problem.kind for problem in problems(*shared)}


def test_a_segment_takes_the_postings_own_dimensions():
    dimensions = {"facility": "NORTH", "department": "", "tender": "CASH"}

    assert filled(("{facility}", "{department|0000}", "4-{tender}"), dimensions) == (
        "NORTH",
        "0000",
        "4-CASH",
    )


NAMES = st.sampled_from(["", "A", "B"])
SPANS = st.tuples(st.integers(0, 8), st.one_of(st.none(), st.integers(1, 9)))


@st.composite
def rule_sets(draw):
    """Rules for one category; the days of a key may meet."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        first, length = draw(SPANS)
        begins = DAY + timedelta(first)
        found.append(
            rule(
                code=str(number),
                facility=draw(NAMES),
                payer_class=draw(NAMES),
                tender=draw(NAMES),
                valid_from=begins,
                valid_until=begins + timedelta(length) if length else None,
            )
        )
    return found


@given(rule_sets(), NAMES.filter(bool), NAMES, NAMES, st.integers(0, 20))
def test_a_map_without_a_problem_has_one_most_specific_rule(rules, facility, payer_class, tender, day):
    found = problems_of(
        rules,
        since=DAY,
        categories={"cash.drawer": ""},
        facilities=["A", "B"],
        targets={each.segments[0]: Target("ASSET", DAY, None) for each in rules},
        account_index=0,
        is_strict=False,
    )
    key, on = Key("cash.drawer", facility, payer_class, tender), DAY + timedelta(day)
    fitting = [each for each in rules if each.fits(key, on)]
    best = max((each.rank for each in fitting), default=None)
    top = [each for each in fitting if each.rank == best]

    led = Map(rules).rule_for(key, on=on)

    if not {"gap"} & {problem.kind for problem in found}:
        assert led is not None
    if "overlap" not in {problem.kind for problem in found}:
        assert [led] == (top or [None])
