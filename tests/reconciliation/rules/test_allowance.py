"""Which findings a profile allows."""

import pytest

from hms_ach.refusal import Finding
from reconciliation.rules.allowance import allowed

FATAL = Finding(5, "49.2 total", "", "BAI2 49", "is left out", switch="bai2_totals_blank")


@pytest.mark.parametrize(
    "line, spans, is_fatal",
    [
        (5, [(1, 9, ["bai2_totals_blank"])], False),
        (5, [(1, 9, [])], True),
        (5, [(1, 4, ["bai2_totals_blank"]), (5, 9, [])], True),
        (5, [(1, 4, []), (5, 9, ["bai2_totals_blank"])], False),
        (20, [(1, 4, []), (5, 9, ["bai2_totals_blank"])], True),
        (20, [(1, 4, ["bai2_totals_blank"]), (5, 9, ["bai2_totals_blank"])], False),
        (5, [], True),
    ],
)
def test_a_switch_must_be_on_for_every_account_that_a_finding_concerns(line, spans, is_fatal):
    finding = Finding(line, FATAL.field, "", FATAL.rule, FATAL.problem, switch=FATAL.switch)

    assert allowed([finding], spans)[0].is_fatal == is_fatal


def test_what_no_switch_allows_stays_fatal():
    finding = Finding(5, "16.3 amount", "x", "BAI2 16", "is not a number")

    assert allowed([finding], [(1, 9, ["bai2_totals_blank", ""])])[0].is_fatal
