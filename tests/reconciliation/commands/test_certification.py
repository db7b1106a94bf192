"""Certifying a bank account: two people for each item, and what only the system can say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import clock
from hms_ach.audit.models import Event
from hms_ach.outbox.models import Event as Told
from hms_ach.refusal import Refusal
from reconciliation.commands import (
    confirm_certification,
    reopen_certification,
    send_back_certification,
    withdraw_certification,
)
from reconciliation.models import CertificationClaim
from reconciliation.queries import certification_of
from reconciliation.rules.certification import CYCLES, ITEMS
from tests.make import access, certification
from tests.make import reconciliation as make

NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
claimed, confirmed = certification.claimed, certification.confirmed


@pytest.fixture
def account(db):
    with clock.at(NOON):
        yield make.bank_account(make.hospital())


def state_of(account, item: str) -> str:
    return next(each.state for each in certification_of(account).items if each.item.code == item)


def test_an_item_counts_once_another_person_confirms_it(account):
    eve = make.reviewer(account.facility)
    claim = claimed(account, "contacts", by=eve)

    with pytest.raises(Refusal) as own:
        confirm_certification(claim_id=claim.pk, actor=eve)
    before = state_of(account, "contacts")
    confirm_certification(claim_id=claim.pk, actor=make.approver(account.facility))

    assert own.value.code == "certification_by_same_person"
    assert (before, state_of(account, "contacts")) == ("TO_CONFIRM", "DONE")
    assert Event.objects.filter(action="reconciliation.confirm_certification").count() == 1


def test_the_trail_names_nobody_at_the_bank(account):
    claimed(account, "contacts", note="")

    said = str(Event.objects.get(action="reconciliation.claim_certification").after)

    assert "contacts" in said
    assert "Ada" not in said
    assert "0100" not in said


def test_an_account_is_certified_when_everything_is_confirmed_and_open_again_when_one_item_is(account):
    certification.certified(account)
    certified_at = certification_of(account).certified_at
    eve = make.reviewer(account.facility)
    reopen_certification(account=account, item="layout", reason="the bank moves to camt", actor=eve)
    reopened = certification_of(account)
    with clock.at(NOON + timedelta(hours=2)):
        confirmed(account, "layout")
        again = certification_of(account)

    assert certified_at == NOON
    assert (reopened.certified_at, [each.item.code for each in reopened.left]) == (None, ["layout"])
    assert again.certified_at == NOON + timedelta(hours=2)


def test_what_is_said_anew_counts_from_its_confirmation_and_certifies_no_later(account):
    certification.certified(account)
    with clock.at(NOON + timedelta(hours=1)):
        claim = claimed(account, "cut_offs", details={"times": "16:00", "holidays": "none"})
        waiting = certification_of(account)
        confirm_certification(claim_id=claim.pk, actor=make.approver(account.facility))
        after = certification_of(account)

    assert (waiting.certified_at, waiting.waiting_count) == (NOON, 1)
    assert after.certified_at == NOON
    assert next(each for each in after.items if each.item.code == "cut_offs").in_force == claim


@pytest.mark.parametrize("item", [code for code, item in ITEMS.items() if item.is_seen])
def test_what_the_system_must_see_is_nobodys_word(account, item):
    with pytest.raises(Refusal) as refused:
        claimed(account, item)
    confirmed(account, item, outcome="NOT_NEEDED", note="the account only pays out")

    assert refused.value.code == "certification_unproven"
    assert state_of(account, item) == "NOT_NEEDED"


def test_too_few_cycles_are_refused_with_their_figure(account):
    certification.cycles(account, CYCLES - 1)

    with pytest.raises(Refusal) as refused:
        claimed(account, "test_cycles")

    assert f"{CYCLES - 1} statements in a row" in str(refused.value)
    assert "{" not in str(refused.value)


def test_a_row_that_broke_before_the_confirmation_is_not_confirmed(account):
    certification.cycles(account)
    claim = claimed(account, "test_cycles", note="")
    make.statement(account, make.line(1_00), statement_id="S9", opening=99, sequence=CYCLES + 1)

    with pytest.raises(Refusal) as refused:
        confirm_certification(claim_id=claim.pk, actor=make.approver(account.facility))

    assert refused.value.code == "certification_unproven"
    assert claim.proof.startswith(f"{CYCLES} statements in a row")


@pytest.mark.parametrize(
    ("item", "said", "code"),
    [
        ("addenda", {"note": ""}, "certification_evidence_missing"),
        ("addenda", {"outcome": "NOT_NEEDED", "note": " "}, "certification_reason_missing"),
        ("addenda", {"done_on": make.DAY + timedelta(days=1)}, "certification_day_unfit"),
        ("contacts", {"details": {"name": "Ada"}}, "certification_detail_missing"),
        ("contacts", {"details": {}}, "certification_detail_missing"),
        (
            "penny_test",
            {"details": {"amount": "0.00", "reference": "P-4711"}},
            "certification_reference_unfit",
        ),
        (
            "penny_test",
            {"details": {"amount": "0.01", "reference": "penny"}},
            "certification_reference_unfit",
        ),
        ("penny_test", {"details": {"amount": "1,5", "reference": "P-4711"}}, "money_malformed"),
    ],
)
def test_what_is_unfit_is_refused_with_words_and_nothing_is_kept(account, item, said, code):
    with pytest.raises(Refusal) as refused:
        claimed(account, item, **said)

    assert refused.value.code == code
    assert "{" not in str(refused.value)
    assert not CertificationClaim.objects.exists()


def test_a_go_live_date_may_lie_ahead(account):
    confirmed(account, "go_live", done_on=make.DAY + timedelta(days=30))

    assert certification_of(account).go_live_on == make.DAY + timedelta(days=30)


def test_one_word_waits_at_a_time_and_is_decided_once(account):
    eve, finn = make.reviewer(account.facility), make.approver(account.facility)
    claim = claimed(account, "layout", by=eve)
    with pytest.raises(Refusal) as waits:
        claimed(account, "layout")
    with pytest.raises(Refusal) as still:
        reopen_certification(account=account, item="layout", reason="no", actor=finn)
    with pytest.raises(Refusal) as wordless:
        send_back_certification(claim_id=claim.pk, reason=" ", actor=finn)
    send_back_certification(claim_id=claim.pk, reason="which version?", actor=finn)
    with pytest.raises(Refusal) as decided:
        withdraw_certification(claim_id=claim.pk, actor=eve)

    assert {waits.value.code, still.value.code} == {"certification_waits"}
    assert wordless.value.code == "certification_reason_missing"
    assert decided.value.code == "certification_decided"
    assert state_of(account, "layout") == "SENT_BACK"


def test_one_takes_back_ones_own_word_and_nobody_elses(account):
    eve = make.reviewer(account.facility)
    claim = claimed(account, "layout", by=eve)
    with pytest.raises(Refusal):
        withdraw_certification(claim_id=claim.pk, actor=make.approver(account.facility))
    withdraw_certification(claim_id=claim.pk, actor=eve)

    assert state_of(account, "layout") == "LEFT"


def test_what_is_open_is_not_opened_again(account):
    with pytest.raises(Refusal) as refused:
        reopen_certification(
            account=account, item="layout", reason="so", actor=make.reviewer(account.facility)
        )

    assert refused.value.code == "certification_not_in_force"


_TABLE = "reconciliation_certificationclaim"
_COPY = f"""INSERT INTO {_TABLE} (public_id, account_id, item, outcome, done_on, note, details, proof,
        claimed_by_id, claimed_at, verdict, verdict_reason, decided_by_id, decided_at)
    SELECT 'cer_x', account_id, {{item}}, {{outcome}}, done_on, {{note}}, '{{{{}}}}', '',
        claimed_by_id, now(), {{verdict}}, '', {{by}}, {{at}} FROM {_TABLE} ORDER BY id LIMIT 1"""


def copied(item="'returns'", outcome="'DONE'", note="'x'", verdict="NULL", by="NULL", at="NULL") -> str:
    return _COPY.format(item=item, outcome=outcome, note=note, verdict=verdict, by=by, at=at)


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {_TABLE} SET note = 'other'",
        f"UPDATE {_TABLE} SET verdict = 'CONFIRMED', decided_by_id = claimed_by_id, decided_at = now()",
        f"UPDATE {_TABLE} SET verdict = 'CONFIRMED'",
        f"UPDATE {_TABLE} SET verdict = NULL, decided_by_id = NULL, decided_at = NULL",
        f"DELETE FROM {_TABLE}",
        copied(item="'anything'"),
        copied(note="''"),
        copied(outcome="'NOT_NEEDED'", note="''"),
        copied(outcome="'REOPENED'", note="''"),
        copied(item="'layout'"),
        copied(verdict="'CONFIRMED'", by="claimed_by_id", at="now()"),
        copied(verdict="'WITHDRAWN'", by="claimed_by_id", at="now()"),
    ],
)
def test_the_database_keeps_what_was_said_and_by_whom(account, sql):
    confirmed(account, "addenda")
    waiting = claimed(account, "layout")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert CertificationClaim.objects.filter(verdict=None).get() == waiting


def test_a_valid_row_of_the_same_shape_is_taken(account):
    confirmed(account, "addenda")

    with connection.cursor() as cursor:
        cursor.execute(copied())

    assert CertificationClaim.objects.filter(item="returns").count() == 1


def test_programs_hear_of_it_and_read_how_far_it_is(account):
    certification.certified(account)
    eve = make.reviewer(account.facility)
    reopen_certification(account=account, item="layout", reason="the bank moves to camt", actor=eve)
    client = access.api("statements:read", facilities=[account.facility])
    stranger = access.api("statements:read", facilities=[make.hospital("SOUTH")])

    rows = client.get("/api/ach/bank-certifications").json()

    told = Told.objects.filter(type__startswith="certification.").order_by("id")
    assert [(each.type, each.subject) for each in told] == [
        ("certification.completed", account.code),
        ("certification.reopened", account.code),
    ]
    (shown,) = rows
    assert (shown["account"], shown["certified_at"]) == (account.code, None)
    states = {each["code"]: each["state"] for each in shown["items"]}
    assert (states.pop("layout"), set(states.values()) <= {"DONE", "NOT_NEEDED"}) == ("REOPENED", True)
    assert stranger.get("/api/ach/bank-certifications").json() == []
