"""Matching: what is certain, and nothing else."""

import itertools
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciliation.commands import match_account
from reconciliation.engine import passes
from reconciliation.models import Match, MatchItem, MatchLine, Suggestion
from tests.make import reconciliation as make

DAY = make.DAY
_numbers = itertools.count(1)


@pytest.fixture
def account(db):
    return make.bank_account(make.hospital())


def _passes() -> list[str]:
    return list(Match.objects.order_by("id").values_list("pass_name", flat=True))


def test_a_shared_reference_and_the_amount_match(account):
    make.expected(account, 1_000_00, "BAG-0071")
    make.statement(account, make.line(1_000_00, "BAG-0071"))

    match_account(account=account)

    match = Match.objects.get()
    assert match.pass_name == "reference"
    assert match.reasons == ["reference equal", "amount equal"]


def test_a_padded_reference_matches_in_the_next_pass(account):
    make.expected(account, 1_000_00, "BAG-4711")
    make.statement(account, make.line(1_000_00, "bag 0004711"))

    match_account(account=account)

    assert _passes() == ["reference_normalised"]


def test_two_bags_in_one_credit_match_by_their_references(account):
    make.expected(account, 300_00, "BAG-4711")
    make.expected(account, 200_00, "BAG-4712")
    make.statement(account, make.line(500_00, "BAG-4711", "BAG-4712"))

    match_account(account=account)

    assert _passes() == ["reference_sum"]
    assert Match.objects.get().item_count == 2


def test_a_card_batch_arrives_less_the_contracted_fee(account):
    make.expected(account, 1_000_00, "BATCH-0071", fee=21_50)
    make.statement(account, make.line(978_50, "BATCH-0071"))

    match_account(account=account)

    fee = Match.objects.get().adjustments.get()
    assert (fee.role, fee.amount_minor) == ("fee.merchant", 21_50)


def test_an_amount_that_is_unique_in_the_window_matches_without_a_reference(account):
    make.expected(account, 731_40)
    make.statement(account, make.line(731_40, on=DAY + timedelta(days=1)), on=DAY + timedelta(days=1))

    match_account(account=account)

    assert _passes() == ["amount"]
    assert "the bank 1 day later" in Match.objects.get().reasons


def test_a_rival_just_outside_the_window_stops_a_match_by_amount(account):
    make.expected(account, 731_40)
    make.expected(account, 731_40, on=DAY + timedelta(days=8))
    make.statement(account, make.line(731_40))

    match_account(account=account)

    assert _passes() == []
    assert Suggestion.objects.count() == 2


def test_an_intact_reference_to_another_item_forbids_a_match_by_amount(account):
    make.expected(account, 731_40, "BAG-1001")
    make.expected(account, 900_00, "BAG-1002")
    make.statement(account, make.line(731_40, "BAG-1002"))

    match_account(account=account)

    assert _passes() == []


def test_a_line_of_another_item_already_matched_is_not_taken_by_amount(account):
    make.expected(account, 900_00, "BAG-1002")
    make.statement(account, make.line(900_00, "BAG-1002"))
    match_account(account=account)
    make.expected(account, 731_40)
    make.statement(account, make.line(731_40, "BAG-1002"), statement_id="S2", opening=900_00)

    match_account(account=account)

    assert _passes() == ["reference"]


def test_the_same_reference_with_another_amount_never_matches(account):
    make.expected(account, 1_000_00, "BAG-1001")
    make.statement(account, make.line(999_99, "BAG-1001"))

    match_account(account=account)

    assert _passes() == []
    assert Suggestion.objects.get().against == "The amounts differ."


def test_a_repeated_bank_reference_is_set_apart(account):
    item = make.expected(account, 80_37)
    first = make.line(80_37, bank_reference="BR-1", counterparty="Payer")
    make.statement(account, first, make.line(80_37, bank_reference="BR-1", counterparty="Payer"))

    found = match_account(account=account)

    assert len(found.duplicate_ids) == 1
    assert MatchItem.objects.get().expectation == item


def test_two_equal_lines_and_one_item_become_suggestions(account):
    make.expected(account, 80_37, "TRC100002")
    make.statement(account, *[make.line(80_37, "TRC100002", counterparty="Payer") for _ in range(2)])

    found = match_account(account=account)

    assert (found.match_ids, found.duplicate_ids) == ([], [])
    assert Suggestion.objects.count() == 2


def test_a_line_equal_to_one_that_is_settled_repeats_it(account):
    make.expected(account, 80_37, "TRC100002")
    make.statement(account, make.line(80_37, "TRC100002", counterparty="Payer", bank_reference=""))
    match_account(account=account)
    again = make.line(80_37, "TRC100002", counterparty="Payer", bank_reference="")
    make.statement(account, again, statement_id="S2", opening=80_37)

    found = match_account(account=account)

    assert len(found.duplicate_ids) == 1


def test_two_thousand_equal_amounts_match_nothing(account):
    for _ in range(200):
        make.expected(account, 50_00)
    make.statement(account, *[make.line(50_00) for _ in range(2_000)])

    found = match_account(account=account)

    assert found.match_ids == []
    assert found.line_count == 2_000


def test_a_second_run_changes_nothing(account):
    make.expected(account, 731_40)
    make.statement(account, make.line(731_40))
    match_account(account=account)

    again = match_account(account=account)

    assert again.match_ids == []
    assert Match.objects.count() == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    items=st.lists(st.tuples(st.sampled_from([5_00, 7_00, 9_13]), st.integers(1, 9)), max_size=8),
    lines=st.lists(st.tuples(st.sampled_from([5_00, 7_00, 9_13, 12_00]), st.integers(1, 9)), max_size=8),
)
def test_nothing_is_matched_twice_and_every_match_balances(account, items, lines):
    number = next(_numbers)
    for minor, reference in items:
        make.expected(account, minor, f"R{number}-{reference}")
    entries = [make.line(minor, f"R{number}-{reference}") for minor, reference in lines]
    make.statement(account, *entries, statement_id=f"P{number}")

    match_account(account=account)

    with connection.cursor() as cursor:
        cursor.execute(_UNBALANCED)
        assert cursor.fetchone() == (0,)
    used = list(MatchLine.objects.values_list("line_id", flat=True))
    assert len(used) == len(set(used))


_UNBALANCED = """
    SELECT count(*) FROM reconciliation_match made
     WHERE (SELECT sum(line.amount_minor) FROM reconciliation_matchline part
              JOIN reconciliation_statementline line ON line.id = part.line_id WHERE part.match_id = made.id)
         + coalesce((SELECT sum(amount_minor) FROM reconciliation_matchadjustment
                      WHERE match_id = made.id), 0)
        <> (SELECT sum(item.amount_minor) FROM reconciliation_matchitem part
              JOIN reconciliation_expectation item ON item.id = part.expectation_id
             WHERE part.match_id = made.id)
"""


def test_two_runs_at_once_match_each_line_once(own_database):
    account = make.bank_account(make.hospital())
    entries = []
    for number in range(100):
        make.expected(account, 100_00 + number, f"BAG-{number:05d}")
        entries.append(make.line(100_00 + number, f"BAG-{number:05d}"))
    make.statement(account, *entries)
    found, failed = [], []

    def run():
        try:
            found.append(len(match_account(account=account).match_ids))
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert sorted(found) == [0, 100]


def test_a_small_run_does_not_look_at_all_matches_there_are(account):
    for first, last in ((0, 100), (100, 101)):
        references = [f"BAG-{number:05d}" for number in range(first, last)]
        for reference in references:
            make.expected(account, 100_00, reference)
        lines = [make.line(100_00, reference) for reference in references]
        make.statement(account, *lines, statement_id=f"S{last}", opening=first * 100_00)
        before = _matches_read()
        matched = match_account(account=account)

    assert len(matched.match_ids) == 1
    assert _matches_read() - before < 20


def _matches_read() -> int:
    """How many rows of matches and their parts this transaction has read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname IN"
            " ('reconciliation_match', 'reconciliation_matchline', 'reconciliation_matchitem')"
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("limit", [0, passes.LARGE])
def test_a_run_leaves_nothing_in_its_connection(account, monkeypatch, limit):
    """Whether it empties its tables row by row or truncates them."""
    monkeypatch.setattr(passes, "LARGE", limit)
    make.expected(account, 1_000_00, "BAG-0071")
    make.statement(account, make.line(1_000_00, "BAG-0071"), make.line(17_00))

    match_account(account=account)

    assert _left_in_working_tables() == 0


def _left_in_working_tables() -> int:
    """How many rows the temporary tables of this connection hold, but for what an import drops."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
            " AND relname NOT LIKE '%staging'"
        )
        counts = [f"(SELECT count(*) FROM {name})" for (name,) in cursor.fetchall()]
        cursor.execute(f"SELECT {' + '.join(counts)}")
        return cursor.fetchone()[0]


def test_two_runs_in_one_transaction_are_one_after_the_other(account):
    make.expected(account, 1_000_00, "BAG-0071")
    make.statement(account, make.line(1_000_00, "BAG-0071"))

    with transaction.atomic():
        first = match_account(account=account)
        second = match_account(account=account)

    assert (len(first.match_ids), len(second.match_ids)) == (1, 0)


def test_what_earlier_runs_matched_teaches_who_pays(account):
    for number in range(3):
        make.expected(account, 100_17 + number, f"TRACE10{number}", payer="1122334455")
    lines = [make.line(100_17 + n, f"TRACE10{n}", counterparty="CEDARPLAN") for n in range(3)]
    make.statement(account, *lines)
    match_account(account=account)
    make.expected(account, 4_711_93, payer="9988776655")
    make.statement(account, make.line(4_711_93, counterparty="CEDARPLAN"), statement_id="S2", opening=300_54)

    match_account(account=account)

    assert _passes() == ["reference"] * 3


def _card(account, minor: int, *references: str, fee: int = 0, **more):
    return make.expected(account, minor, *references, fee=fee, kind="card_batch", payer="MID4455501", **more)


def _chargeback(account, minor: int, *references: str, **more):
    return make.expected(account, -minor, *references, kind="chargeback", **{"payer": "MID4455501"} | more)


@pytest.mark.parametrize("named", [("BATCH-0071",), ("MID 4455501",), ("BATCH-0071", "CB-2201")])
def test_a_batch_arrives_less_fee_and_chargeback(account, named):
    batch = _card(account, 1_000_00, "BATCH-0071", fee=21_50)
    taken = _chargeback(account, 37_10, "CB-2201")
    make.statement(account, make.line(941_40, *named))

    match_account(account=account)

    match = Match.objects.get()
    assert set(match.items.values_list("expectation_id", flat=True)) == {batch.pk, taken.pk}
    assert [(each.role, each.amount_minor) for each in match.adjustments.all()] == [("fee.merchant", 21_50)]


@pytest.mark.parametrize("why", ["two chargebacks", "another merchant's", "by itself", "two batches"])
def test_a_chargeback_that_is_not_the_only_answer_is_left_to_people(account, why):
    _card(account, 1_000_00, "BATCH-0071")
    _chargeback(account, 37_10, "CB-2201", **({"payer": "MID9"} if why == "another merchant's" else {}))
    lines = [make.line(962_90, "4455501" if why == "two batches" else "BATCH-0071")]
    if why == "two chargebacks":
        _chargeback(account, 37_10, "CB-2202")
    elif why == "two batches":
        _card(account, 1_000_00, "BATCH-0072")
    elif why == "by itself":
        lines.append(make.line(-37_10))
    make.statement(account, *lines)

    match_account(account=account)

    assert "netted" not in _passes()
    assert not Match.objects.filter(lines__line__amount_minor=962_90).exists()
