"""A map from its draft to the batches that it leads."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from hms_ach.money import Money
from hms_ach.refusal import FileRejected
from ledger.commands import (
    MappingByWriter,
    MappingIncomplete,
    MappingNotDraft,
    MappingRuleOverlaps,
    MappingStateWrong,
    MappingUnsound,
    Posting,
    approve_mapping,
    build_gl_batch,
    draft_mapping,
    remove_rule,
    replace_rules,
    return_mapping,
    set_rule,
    submit_mapping,
    withdraw_mapping,
    write_mapping_note,
)
from ledger.commands.mapping import MappingSegmentsWrong
from ledger.commands.mapping_step import MappingStepWithoutReason, MappingUndecided
from ledger.models import Account, GlBatch, MappingRule
from ledger.queries import changes_between, check_mapping, mapping_in_force, rules_of
from ledger.queries.batch_lines import MappingTargetDead
from ledger.reports.mapping_simulation import simulate
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


def code_of(batch, category):
    return {"-".join(line.segments) for line in batch.lines.filter(category=category)}


def test_an_approved_map_leads_the_lines_of_the_next_batch(facility):
    cash = make.rule("cash.drawer", "61004", "{facility}", tender="CASH")
    version = make.approved_map(facility, cash)
    make.entry(facility, postings=make.lines(tender="CASH"))
    make.entry(facility, postings=make.lines(tender="CHEQUE"))

    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)

    assert batch.mapping == version
    assert code_of(batch, "cash.drawer") == {"61004-NORTH", "61005-0000"}
    assert code_of(batch, "receivable.patient") == {"61022-0000"}


def test_without_a_map_the_code_is_the_accounts_own_number(facility):
    make.draft_map(facility)
    make.entry(facility)

    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)

    assert batch.mapping is None
    assert code_of(batch, "cash.drawer") == {"1005"}


def test_the_highest_version_that_has_begun_counts(facility):
    first = make.approved_map(facility)
    later = make.approved_map(facility, effective_from=date(2026, 3, 1))

    assert mapping_in_force(legal_entity=facility.legal_entity, on=date(2026, 2, 28)) == first
    assert mapping_in_force(legal_entity=facility.legal_entity, on=date(2026, 3, 1)) == later
    assert mapping_in_force(legal_entity=facility.legal_entity, on=date(2025, 12, 31)) is None


def test_whoever_wrote_or_submitted_it_never_approves(facility):
    version = make.draft_map(facility)
    writer, submitter = make.person("writer"), make.person("submitter")
    set_rule(version=version, row=make.rule("cash.drawer", "61005", "7", tender="CASH"), actor=writer)
    submit_mapping(version=version, actor=submitter)

    for person in [version.created_by, writer, submitter]:
        with pytest.raises(MappingByWriter):
            approve_mapping(version=version, actor=person)
        with pytest.raises(DatabaseError, match="neither wrote nor submitted"), transaction.atomic():
            version.steps.create(sequence=2, state="APPROVED", made_by=person, made_at=version.created_at)


def test_whoever_took_a_rule_out_never_approves(facility):
    cash = make.rule("cash.drawer", "61004", "7", tender="CASH")
    version = make.draft_map(facility, cash, make.rule("cash.drawer", "61004", "8", tender="CHEQUE"))
    remover, replacer = make.person("remover"), make.person("replacer")
    remove_rule(version=version, rule_id=version.rules.get(tender="CASH").pk, actor=remover)
    again = make.rule("cash.drawer", "61005", "7", tender="CHEQUE")
    set_rule(version=version, row=again, actor=replacer)
    set_rule(version=version, row=again, actor=version.created_by)
    submit_mapping(version=version, actor=version.created_by)

    for person in [remover, replacer]:
        with pytest.raises(MappingByWriter):
            approve_mapping(version=version, actor=person)
        with pytest.raises(DatabaseError, match="took out any"), transaction.atomic():
            version.steps.create(sequence=2, state="APPROVED", made_by=person, made_at=version.created_at)


def test_the_database_lets_no_rule_go_without_a_name(facility):
    make.draft_map(facility)

    with pytest.raises(DatabaseError, match="somebody who is named"), transaction.atomic():
        MappingRule.objects.all().delete()


def test_an_unsound_map_is_not_submitted(facility):
    version = make.draft_map(facility)
    gone = version.rules.get(category="cash.drawer")
    remove_rule(version=version, rule_id=gone.pk, actor=version.created_by)

    with pytest.raises(MappingUnsound, match=r"cash\.drawer has no rule for NORTH"):
        submit_mapping(version=version, actor=version.created_by)


def test_a_map_that_became_unsound_is_not_approved(facility):
    version = make.draft_map(facility)
    submit_mapping(version=version, actor=version.created_by)
    access.facility("SOUTH", legal_entity=facility.legal_entity)
    account = facility.legal_entity.glaccount_set.get(code="61005")
    account.active_until = date(2026, 6, 1)
    account.save()

    with pytest.raises(MappingUnsound, match="not in use on all its days"):
        approve_mapping(version=version, actor=make.person("approver"))


def test_a_posting_that_the_map_has_no_rule_for_builds_nothing(facility):
    make.approved_map(facility, effective_from=date(2026, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_accountrole (legal_entity_id, role, account_id, valid_from) "
            "SELECT legal_entity_id, 'cash.new', account_id, valid_from "
            "FROM ledger_accountrole WHERE role = 'cash.drawer'"
        )
    make.entry(facility, postings=make.lines(debit="cash.new"))

    with pytest.raises(MappingIncomplete, match=r"no rule for cash\.new at NORTH"):
        build_gl_batch(facility=facility, business_on=make.DAY, actor=None)


def test_an_account_that_the_general_ledger_closed_since_builds_nothing(facility):
    make.approved_map(facility)
    make.entry(facility)
    closed = facility.legal_entity.glaccount_set.get(code="61005")
    closed.active_until = make.DAY
    closed.save()

    with pytest.raises(MappingTargetDead, match=r"leads cash\.drawer on Mar 12, 2026 to 61005"):
        build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    assert not GlBatch.objects.exists()


def test_a_journal_is_led_as_the_role_of_its_account_or_under_the_account_itself(facility):
    account = Account.objects.get(legal_entity=facility.legal_entity, number="8510")
    account.pk, account.number, account.name = None, "8599", "Sundry"
    account.save()
    make.approved_map(facility, make.rule("account.8599", "68522", "7100"))
    petty = Account.objects.get(legal_entity=facility.legal_entity, number="8510")
    by_hand = [Posting("journal", Money(5, "USD"), account=account)]
    make.entry(facility, postings=[*by_hand, Posting("journal", Money(-5, "USD"), account=petty)])

    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)

    assert code_of(batch, "journal") == {"68522-7100", "68510-0000"}


def test_a_journal_on_an_account_that_no_rule_leads_anywhere_builds_nothing(facility):
    account = Account.objects.get(legal_entity=facility.legal_entity, number="8510")
    account.pk, account.number = None, "8599"
    account.save()
    make.approved_map(facility)
    lines = [Posting("journal", Money(minor, "USD"), account=account) for minor in (5, -5)]
    make.entry(facility, postings=lines)

    with pytest.raises(MappingIncomplete, match=r"no rule for account\.8599 at NORTH"):
        build_gl_batch(facility=facility, business_on=make.DAY, actor=None)


def test_an_open_question_waits_for_its_decision(facility):
    version = make.draft_map(facility)
    note = {"version": version, "category": "cash.drawer", "actor": version.created_by}
    write_mapping_note(**note, body="Imprest or general checking?", is_decision=False)

    with pytest.raises(MappingUndecided, match=r"cash\.drawer"):
        submit_mapping(version=version, actor=version.created_by)
    write_mapping_note(**note, body="Imprest, said the controller", is_decision=True)
    submit_mapping(version=version, actor=version.created_by)


def test_a_submitted_map_is_fixed_until_it_is_returned(facility):
    version = make.draft_map(facility)
    submit_mapping(version=version, actor=version.created_by)
    row = make.rule("cash.drawer", "61005", "9", tender="CASH")

    with pytest.raises(MappingNotDraft):
        set_rule(version=version, row=row, actor=version.created_by)
    with pytest.raises(MappingStepWithoutReason):
        return_mapping(version=version, actor=make.person("approver"), comment=" ")
    return_mapping(version=version, actor=make.person("approver2"), comment="Cost centre is wrong")
    set_rule(version=version, row=row, actor=version.created_by)

    assert version.rules.filter(tender="CASH").count() == 1


@pytest.mark.parametrize("verb", [submit_mapping, approve_mapping, return_mapping, withdraw_mapping])
def test_an_approved_map_changes_no_more(facility, verb):
    version = make.approved_map(facility)
    more = {} if verb is submit_mapping else {"comment": "late"}

    with pytest.raises(MappingStateWrong):
        verb(version=version, actor=make.person("late"), **more)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_mappingversion SET effective_from = '2020-01-01'",
        "DELETE FROM ledger_mappingrule",
        "UPDATE ledger_mappingrule SET segments = '{1,2}'",
        "UPDATE ledger_mappingstep SET state = 'RETURNED'",
        "DELETE FROM ledger_mappingstep",
        "DELETE FROM ledger_glaccount",
        """INSERT INTO ledger_mappingrule (version_id, category, payer_class, tender, segments, valid_from,
            written_by_id) SELECT version_id, 'x', '', '', '{1,2}', '2026-01-01', written_by_id
            FROM ledger_mappingrule LIMIT 1""",
        """INSERT INTO ledger_mappingstep (version_id, sequence, state, made_by_id, made_at, comment)
            SELECT id, 3, 'RETURNED', created_by_id, now(), 'x' FROM ledger_mappingversion""",
    ],
)
def test_the_database_keeps_an_approved_map(facility, sql):
    make.approved_map(facility)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_refuses_two_targets_on_one_day_and_a_short_code(facility):
    version = make.draft_map(facility)
    same = {"version": version, "category": "cash.drawer", "written_by": version.created_by}
    day = date(2026, 5, 1)

    with pytest.raises(DatabaseError, match="no_overlap"), transaction.atomic():
        MappingRule.objects.create(**same, segments=["1", "2"], valid_from=day)
    with pytest.raises(DatabaseError, match="value for each segment"), transaction.atomic():
        MappingRule.objects.create(**same, tender="CASH", segments=["1"], valid_from=day)


def test_a_file_is_taken_whole_or_not_at_all(facility):
    version = make.draft_map(facility)
    before = rules_of(version)
    rows = [make.rule("cash.drawer", "61005", "1"), make.rule("cash.drawer", "61005", "2", since=make.DAY)]

    with pytest.raises(FileRejected, match=r"cash\.drawer has a rule for these days"):
        replace_rules(version=version, rows=rows, actor=version.created_by)
    west = make.rule("cash.drawer", "61005", "1", facility="WEST")
    with pytest.raises(FileRejected, match="WEST is unknown"):
        replace_rules(version=version, rows=[west], actor=version.created_by)

    assert rules_of(version) == before


def test_one_rule_replaces_its_like_and_never_overlaps(facility):
    version = make.draft_map(facility)
    actor = version.created_by
    set_rule(version=version, row=make.rule("cash.drawer", "61004", "5"), actor=actor)

    with pytest.raises(MappingRuleOverlaps):
        set_rule(version=version, row=make.rule("cash.drawer", "61004", "6", since=make.DAY), actor=actor)

    assert [rule.segments for rule in rules_of(version) if rule.category == "cash.drawer"] == [("61004", "5")]


def test_a_copy_starts_from_the_rules_that_still_count(facility):
    ended = make.rule("cash.drawer", "61005", "1", tender="CASH", valid_until=date(2026, 2, 1))
    first = make.approved_map(facility, ended)
    copy = draft_mapping(
        legal_entity=facility.legal_entity,
        effective_from=date(2026, 3, 1),
        segment_names=first.segment_names,
        account_segment="Account",
        reason="Cash moves",
        copy_of=first,
        actor=make.person("copier"),
    )
    set_rule(version=copy, row=make.rule("cash.safe", "61004", "8"), actor=copy.created_by)

    changes = changes_between(rules_of(first), rules_of(copy), since=copy.effective_from)

    assert [change.words for change in changes] == ["cash.safe"]
    assert check_mapping(copy).is_sound


@pytest.mark.parametrize(
    "names, account", [([], "Account"), (["A", "A"], "A"), (["A", ""], "A"), (["A"], "B")]
)
def test_parts_of_the_code_are_named_once(facility, names, account):
    with pytest.raises(MappingSegmentsWrong):
        draft_mapping(
            legal_entity=facility.legal_entity,
            effective_from=make.DAY,
            segment_names=names,
            account_segment=account,
            reason="x",
            actor=make.person("drafter"),
        )


def test_a_simulation_shows_both_maps_side_by_side_and_writes_nothing(facility):
    make.approved_map(facility)
    make.entry(facility)
    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    draft = make.draft_map(facility, make.rule("cash.drawer", "61004", "1", facility="NORTH"))

    simulation = simulate(version=draft, facility=facility)

    assert simulation.batch == batch
    assert simulation.is_balanced
    assert [(row.code, str(row.now), str(row.draft)) for row in simulation.by_code] == [
        ("61004-1", "0.00", "125.00"),
        ("61005-0000", "125.00", "0.00"),
        ("61022-0000", "-125.00", "-125.00"),
    ]
    assert [(row.now, row.draft) for row in simulation.moved] == [("61005-0000", "61004-1")]


def test_a_simulation_tells_the_drafts_gap(facility):
    make.entry(facility)
    build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    draft = make.draft_map(facility)
    gone = draft.rules.get(category="cash.drawer")
    remove_rule(version=draft, rule_id=gone.pk, actor=draft.created_by)

    assert "cash.drawer" in simulate(version=draft, facility=facility).gap


def test_an_entry_of_before_the_map_is_led_as_on_its_first_day(facility):
    make.approved_map(facility, effective_from=make.DAY + timedelta(1))
    make.entry(facility)

    batch = build_gl_batch(facility=facility, business_on=make.DAY + timedelta(1), actor=None)

    assert code_of(batch, "cash.drawer") == {"61005-0000"}
