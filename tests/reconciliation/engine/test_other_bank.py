"""The engine on data of a generator that knows nothing of the demo's simulator."""

import csv
import io
from collections import Counter

import pytest

from reconciliation.commands import trial_match
from tests.reconciliation.engine.other_bank import OtherBank

pytestmark = pytest.mark.django_db
# Nothing but the amount tells these apart, or the amount itself is another: they are for people.
FOR_PEOPLE = {"copay", "twin", "cents_off", "chargeback_netted"}


def _scores(bank: OtherBank) -> tuple[list[dict], Counter, Counter]:
    """Wrong matches; lines that have an answer; and those matched rightly, by case."""
    out = io.StringIO()
    trial_match(lines=bank.table(bank.lines), expectations=bank.table(bank.items), out=out)
    group_of = {part: n for n, (_, lines, items) in enumerate(bank.groups) for part in (*lines, *items)}
    wrong, right, wanted = [], Counter(), Counter()
    for row in csv.DictReader(io.StringIO(out.getvalue())):
        parts = {*row["line_ids"].split(";"), *filter(None, row["item_ids"].split(";"))}
        groups = [bank.groups[n] for n in {group_of[part] for part in parts}]
        if parts != {part for _, lines, items in groups for part in (*lines, *items)}:
            wrong.append(row)
        right.update(bank.groups[group_of[line]][0] for line in row["line_ids"].split(";"))
    for case, lines, items in bank.groups:
        wanted[case] += len(lines) if items else 0
    return wrong, wanted, right


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_wrong_and_what_has_a_proof_is_found(seed):
    wrong, wanted, right = _scores(OtherBank(seed, size=300))

    assert wrong == []
    provable = [case for case in wanted if case not in FOR_PEOPLE]
    assert sum(right[case] for case in provable) >= 0.99 * sum(wanted[case] for case in provable)
    assert right["twin"] == right["bait"] == right["stranger"] == 0


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10, 30))
def test_nothing_is_wrong_on_larger_banks(seed):
    wrong, wanted, right = _scores(OtherBank(seed, size=3_000))

    assert wrong == []
    assert right["plain"] >= 0.99 * wanted["plain"]
