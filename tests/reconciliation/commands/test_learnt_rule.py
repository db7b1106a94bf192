"""Learning in the open: decisions propose, a try shows, somebody else approves, runs use it, it retires."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import clock
from hms_ach.outbox.models import Event
from hms_ach.refusal import Refusal
from reconciliation.commands import (
    approve_rule,
    match_account,
    propose,
    propose_rules,
    retire_rule,
    send_back_rule,
    try_rule,
)
from reconciliation.commands.approved_match import make_match, still_possible
from reconciliation.models import Discrepancy, LearntRule, Match, Proposal, RuleTry, RuleUse
from tests.make import access
from tests.make import reconciliation as make

DAY = make.DAY
NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
NAME = "First Data Corp"


@pytest.fixture
def account(db):
    with clock.at(NOON):
        yield make.bank_account(make.hospital())


@pytest.fixture
def people(account):
    facility = account.facility
    gil = access.user("CONTROLLER", facilities=[facility], username="gil")
    return make.reviewer(facility), make.approver(facility), gil


def settle(account, people, line, *items):
    """A person matches the items with the line, another approves; the till knows none of it."""
    eve, finn, _gil = people
    make.statement(account, line, statement_id=f"S{items[0].pk}")
    kept = account.lines.latest("id")
    found = Discrepancy.objects.create(
        kind="UNMATCHED_CREDIT", facility=account.facility, account=account, line=kept, due_on=DAY,
        amount_minor=kept.amount_minor, currency="USD", opened_at=clock.now(),
    )  # fmt: skip
    action = "MATCH" if kept.amount_minor == sum(each.amount_minor for each in items) else "WRITE_OFF"
    proposal = propose(
        discrepancy_id=found.pk,
        action=action,
        reason="looked up",
        actor=eve,
        item_ids=[each.pk for each in items],
    )
    match = make_match(found, proposal, still_possible(account, proposal))
    Proposal.objects.filter(pk=proposal.pk).update(
        verdict="APPROVED", decided_by=finn, decided_at=clock.now(), match=match
    )
    Discrepancy.objects.filter(pk=found.pk).update(state="APPROVED", closed_at=clock.now())


def batch(account, minor, payer="M-77", *references, **more):
    return make.expected(account, minor, *references, kind="card_batch", payer=payer,
                         clearing_role="card.clearing", **more)  # fmt: skip


def learnt(account, people) -> LearntRule:
    """A name that three decisions gave to a merchant."""
    for n in range(3):
        settle(account, people, make.line(700_00 + n, counterparty=NAME), batch(account, 700_00 + n))
    (rule,) = propose_rules(account=account)
    return rule


def in_force(rule, people) -> LearntRule:
    try_rule(rule_id=rule.pk, actor=people[0])
    return approve_rule(rule_id=rule.pk, actor=people[2])


def days_in_a_row(account, *, payer="M-77") -> list:
    """Two days of one merchant, whose sum a line shows that says nothing but a name."""
    return [batch(account, 4_317_12, payer, on=DAY - timedelta(days=1)), batch(account, 3_102_29, payer)]


def line_of_both():
    return make.line(7_419_41, counterparty=NAME)


def test_decisions_propose_a_rule_with_its_evidence(account, people):
    rule = learnt(account, people)

    assert (rule.kind, rule.subject, rule.says) == ("PAYER", "FIRSTDATACORP", {"payer": "M-77"})
    assert rule.evidence.count() == 3
    assert propose_rules(account=account) == []
    assert Event.objects.filter(type="learnt_rule.proposed").count() == 1


def test_a_rule_in_force_finds_the_next_line_and_counts_it(account, people):
    rule = in_force(learnt(account, people), people)
    days_in_a_row(account)
    make.statement(account, line_of_both(), statement_id="S-next")

    match_account(account=account)

    match = Match.objects.get(made_by=None)
    assert match.item_count == 2
    assert f"learnt rule {rule.public_id}" in match.reasons
    assert RuleUse.objects.get().hits >= 1
    assert RuleUse.objects.get().misses == 0


@pytest.mark.parametrize("is_retired", [False, True])
def test_what_is_only_proposed_or_retired_has_no_effect(account, people, is_retired):
    rule = learnt(account, people)
    if is_retired:
        retire_rule(rule_id=in_force(rule, people).pk, reason="another merchant now", actor=people[0])
    days_in_a_row(account)
    make.statement(account, line_of_both(), statement_id="S-next")

    match_account(account=account)

    assert not Match.objects.filter(made_by=None).exists()


def test_equals_are_never_parted_by_a_rule(account, people):
    in_force(learnt(account, people), people)
    days_in_a_row(account)
    batch(account, 4_317_12, on=DAY - timedelta(days=2))
    make.statement(account, line_of_both(), statement_id="S-next")

    match_account(account=account)

    assert not Match.objects.filter(made_by=None).exists()


def test_references_that_say_otherwise_outweigh_a_rule(account, people):
    in_force(learnt(account, people), people)
    make.statement(
        account,
        *(make.line(9_00 + n, f"REF-10{n}9", counterparty=NAME) for n in range(4)),
        statement_id="S-r",
    )
    for n in range(4):
        batch(account, 9_00 + n, "M-88", f"REF-10{n}9")
    match_account(account=account)
    assert RuleUse.objects.get().misses == 4
    days_in_a_row(account)
    make.statement(account, line_of_both(), statement_id="S-next")

    match_account(account=account)

    assert Match.objects.filter(made_by=None).count() == 4


def test_a_try_keeps_nothing_but_itself_and_says_whom_it_would_have_spared(account, people):
    rule = learnt(account, people)
    settle(account, people, line_of_both(), *days_in_a_row(account))
    before = Match.objects.count()

    tried = try_rule(rule_id=rule.pk, actor=people[0])

    assert (tried.hits, tried.misses, tried.wrong) == (4, 0, 0)
    assert tried.spared == 1
    assert Match.objects.count() == before
    assert not RuleUse.objects.exists()


def test_a_wrong_rule_shows_in_its_try_and_is_not_approved(account, people):
    rule = learnt(account, people)
    days_in_a_row(account)
    settle(account, people, line_of_both(), batch(account, 7_419_41, payer="M-88"))

    tried = try_rule(rule_id=rule.pk, actor=people[0])
    with pytest.raises(Refusal) as refused:
        approve_rule(rule_id=rule.pk, actor=people[2])

    assert (tried.misses, tried.wrong) == (1, 1)
    assert tried.examples[0][0] == "wrong"
    assert refused.value.code == "rule_would_be_wrong"


def test_a_try_takes_no_line_by_its_amount_that_names_what_was_paid_before(account, people):
    """As a run does: what the line names was matched before the days that are tried."""
    rule = learnt(account, people)
    item = batch(account, 900_00, "M-77", "BATCH-1002")
    settle(account, people, make.line(900_00, "BATCH-1002", on=DAY - timedelta(days=100)), item)
    days_in_a_row(account)
    make.statement(account, make.line(7_419_41, "BATCH-1002", counterparty=NAME), statement_id="S-next")

    tried = try_rule(rule_id=rule.pk, actor=people[0])
    match_account(account=account)

    assert (tried.found, tried.wrong) == (0, 0)
    assert not Match.objects.filter(made_by=None).exists()


def test_whoever_taught_it_does_not_approve_it_and_it_is_tried_first(account, people):
    eve, finn, gil = people
    rule = learnt(account, people)
    codes = []
    for person in (gil, eve, finn):
        with pytest.raises(Refusal) as refused:
            approve_rule(rule_id=rule.pk, actor=person)
        codes.append(refused.value.code)
        try_rule(rule_id=rule.pk, actor=eve)

    assert codes == ["rule_not_tried", "rule_by_its_teacher", "rule_by_its_teacher"]
    with clock.at(NOON + timedelta(hours=25)), pytest.raises(Refusal) as late:
        approve_rule(rule_id=rule.pk, actor=gil)
    assert late.value.code == "rule_not_tried"


def test_what_was_sent_back_comes_again_only_by_new_decisions(account, people):
    rule = learnt(account, people)
    send_back_rule(rule_id=rule.pk, reason="the name is the processor's, not the merchant's", actor=people[0])
    assert propose_rules(account=account) == []

    again = learnt(account, people)

    assert again.evidence.count() == 3
    with pytest.raises(Refusal) as refused:
        send_back_rule(rule_id=rule.pk, reason="no", actor=people[0])
    assert refused.value.code == "rule_decided"


def test_a_fee_pattern_finds_the_next_batch(account, people):
    for gross in (1_000_00, 2_000_00, 3_400_00):
        item = batch(account, gross)
        settle(account, people, make.line(gross - gross * 29 // 1000), item)
    rule = next(each for each in propose_rules(account=account) if each.kind == "FEE")
    assert rule.says == {"kind": "card_batch", "basis_points": 290, "fixed_minor": 0}
    in_force(rule, people)
    batch(account, 1_234_00, "M-77", "BATCH-0091")
    make.statement(account, make.line(1_198_21, "BATCH-0091"), statement_id="S-next")

    match_account(account=account)

    match = Match.objects.get(made_by=None)
    assert [(each.role, each.amount_minor) for each in match.adjustments.all()] == [("fee.merchant", 35_79)]


def test_a_cut_reference_finds_the_next_bag(account, people):
    for n, number in enumerate(("77001231118", "77002342228", "77003453338")):
        make.expected(account, 50_00 + n, f"BAG-{n}{number}")
        item = make.expected(account, 50_00 + n, f"BAG-{number}")
        settle(account, people, make.line(50_00 + n, number[-7:]), item)
    rule = next(each for each in propose_rules(account=account) if each.kind == "REFERENCE")
    in_force(rule, people)
    make.expected(account, 64_00, "BAG-77009876543")
    make.expected(account, 64_00, "BAG-77001112223")
    make.statement(account, make.line(64_00, "9876543"), statement_id="S-next")

    match_account(account=account)

    assert rule.says == {"end": "last", "length": 7}
    match = Match.objects.get(made_by=None)
    assert match.items.get().expectation.references == ["BAG-77009876543"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reconciliation_learntrule SET says = '{}'",
        "UPDATE reconciliation_learntrule SET retired_at = NULL, retired_by_id = NULL, retire_reason = ''",
        "DELETE FROM reconciliation_learntrule",
        "DELETE FROM reconciliation_ruleevidence",
        "UPDATE reconciliation_ruletry SET wrong = 0",
        "UPDATE reconciliation_ruleuse SET misses = 0",
    ],
)
def test_the_database_keeps_what_was_learnt(account, people, sql):
    retire_rule(rule_id=in_force(learnt(account, people), people).pk, reason="over", actor=people[0])

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_lets_no_teacher_approve(account, people):
    rule = learnt(account, people)
    try_rule(rule_id=rule.pk, actor=people[0])

    for person, says in ((people[1], "whoever taught"), (people[0], "whoever taught")):
        with pytest.raises(DatabaseError, match=says), transaction.atomic():
            LearntRule.objects.filter(pk=rule.pk).update(
                verdict="APPROVED", decided_by=person, decided_at=clock.now()
            )
    assert RuleTry.objects.count() == 1
