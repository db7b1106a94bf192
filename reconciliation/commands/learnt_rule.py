"""What decisions taught: proposed with its evidence, approved by somebody else, retired by anybody."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.proposed import decide
from hms_ach.refusal import Refusal
from reconciliation.models import BankAccount, LearntRule, RuleEvidence
from reconciliation.queries.decision import decisions_of
from reconciliation.queries.learnt_rule import teachers_of
from reconciliation.rules.learning import ENOUGH, Lesson, lessons_of

LEARNT_DAYS = 180
TRIED_WITHIN = timedelta(hours=24)


class RuleDecided(Refusal):
    code = "rule_decided"
    sentence = "{rule} was decided already. Refresh the page."


class RuleByItsTeacher(Refusal):
    code = "rule_by_its_teacher"
    sentence = "You asked for {rule} or made one of the decisions behind it. Somebody else must approve it."


class RuleNotTried(Refusal):
    code = "rule_not_tried"
    sentence = (
        "{rule} was not tried within the last 24 hours. Try it first, and look at what it would have done."
    )


class RuleWouldBeWrong(Refusal):
    code = "rule_would_be_wrong"
    sentence = "{rule} would have been wrong {count} times in its last try. Send it back."


class RuleTaken(Refusal):
    code = "rule_taken"
    sentence = "Another rule for {subject} is in force. Retire that one first."


class RuleNotInForce(Refusal):
    code = "rule_not_in_force"
    sentence = "{rule} is not in force. Refresh the page."


@transaction.atomic
def propose_rules(*, account: BankAccount, actor: User | None = None) -> list[LearntRule]:
    """Look for what the decisions of the last 180 days teach, and propose what is new.

    A rule that was sent back or retired comes again only when enough later decisions teach it anew.
    Emits `learnt_rule.proposed` for each.
    """
    BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    decisions = decisions_of(account, since=clock.now() - timedelta(days=LEARNT_DAYS))
    proposed = []
    for lesson in lessons_of(decisions):
        evidence = _still_new(account, lesson)
        if len(evidence) >= ENOUGH:
            proposed.append(_propose(account, lesson, evidence, actor))
    return proposed


def _still_new(account: BankAccount, lesson: Lesson) -> list[int]:
    """The evidence that no earlier such rule had; none while one waits or is in force."""
    same = LearntRule.objects.filter(account=account, kind=lesson.kind, subject=lesson.subject)
    if any(row.state in ("PROPOSED", "ACTIVE") and row.says == lesson.says for row in same):
        return []
    past = [row.pk for row in same if row.says == lesson.says]
    known = set(RuleEvidence.objects.filter(rule_id__in=past).values_list("proposal_id", flat=True))
    return [number for number in lesson.evidence if number not in known]


def _propose(account: BankAccount, lesson: Lesson, evidence: list[int], actor: User | None) -> LearntRule:
    rule = LearntRule.objects.create(
        account=account,
        kind=lesson.kind,
        subject=lesson.subject,
        says=lesson.says,
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    RuleEvidence.objects.bulk_create(RuleEvidence(rule=rule, proposal_id=each) for each in evidence)
    after = {"kind": rule.kind, "subject": rule.subject, "says": rule.says, "decisions": len(evidence)}
    _record("propose_rules", rule, actor, after=after)
    outbox.record("learnt_rule.proposed", **_told(rule))
    return rule


@transaction.atomic
def approve_rule(*, rule_id: int, actor: User) -> LearntRule:
    """Somebody who had no part in it agrees: every run from now on is told it. Emits `learnt_rule.approved`.

    Raises RuleDecided, RuleByItsTeacher, RuleNotTried, RuleWouldBeWrong, RuleTaken.
    """
    rule = _locked(rule_id)
    if rule.verdict is not None:
        raise RuleDecided(rule=rule.public_id)
    if actor.pk in teachers_of(rule):
        raise RuleByItsTeacher(rule=rule.public_id)
    last = rule.tries.order_by("-id").first()
    if last is None or last.tried_at < clock.now() - TRIED_WITHIN:
        raise RuleNotTried(rule=rule.public_id)
    if last.wrong:
        raise RuleWouldBeWrong(rule=rule.public_id, count=last.wrong)
    others = LearntRule.objects.filter(account=rule.account, kind=rule.kind, subject=rule.subject)
    if rule.kind != "REFERENCE" and others.filter(verdict="APPROVED", retired_at=None).exists():
        raise RuleTaken(subject=rule.subject)
    decide(rule, "APPROVED", actor)
    _record("approve_rule", rule, actor)
    outbox.record("learnt_rule.approved", **_told(rule))
    return rule


@transaction.atomic
def send_back_rule(*, rule_id: int, reason: str, actor: User) -> LearntRule:
    """It is not to be used, for a reason. Saying no needs no second person. Raises RuleDecided."""
    rule = _locked(rule_id)
    if rule.verdict is not None:
        raise RuleDecided(rule=rule.public_id)
    decide(rule, "REJECTED", actor, verdict_reason=reason.strip()[:500])
    _record("send_back_rule", rule, actor, reason=rule.verdict_reason)
    return rule


@transaction.atomic
def retire_rule(*, rule_id: int, reason: str, actor: User) -> LearntRule:
    """From now on no run is told it; matches that it brought about stay. Emits `learnt_rule.retired`.

    Raises RuleNotInForce.
    """
    rule = _locked(rule_id)
    if rule.state != "ACTIVE":
        raise RuleNotInForce(rule=rule.public_id)
    rule.retired_by, rule.retired_at, rule.retire_reason = actor, clock.now(), reason.strip()[:500]
    rule.save(update_fields=["retired_by", "retired_at", "retire_reason"])
    _record("retire_rule", rule, actor, reason=rule.retire_reason)
    outbox.record("learnt_rule.retired", **_told(rule))
    return rule


def _locked(rule_id: int) -> LearntRule:
    rows = LearntRule.objects.select_for_update(of=("self",)).select_related("account__facility")
    rule = rows.get(pk=rule_id)
    BankAccount.objects.select_for_update(no_key=True).get(pk=rule.account_id)
    return rule


def _record(action: str, rule: LearntRule, actor: User | None, **said) -> None:
    facility = rule.account.facility
    audit.record(f"reconciliation.{action}", actor=actor, subject=rule, facility=facility, **said)


def _told(rule: LearntRule) -> dict[str, Any]:
    data = {
        "account": rule.account.public_id,
        "kind": rule.kind,
        "subject": rule.subject,
        "says": rule.says,
    }
    return {"subject": rule.public_id, "facility": rule.account.facility, "data": data}
