"""The rule that another person confirms opening counts: asked for by one person, approved by another."""

from django.db import transaction

from cashiering.models import OpeningRule
from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.refusal import Refusal


class OpeningRuleByAsker(Refusal):
    code = "opening_rule_by_asker"
    status = 403
    sentence = "You asked for this yourself, so another person must let it count."


class OpeningRuleDecided(Refusal):
    code = "opening_rule_decided"
    sentence = "This counts already, or something else was asked for since. Look at the list again."


@transaction.atomic
def ask_opening_rule(*, facility: Facility, is_confirmed: bool, actor: User) -> OpeningRule:
    """Ask that opening counts be confirmed by another person, or no more. It counts once another approves.

    A newer request takes the place of one that awaits.
    """
    rule = OpeningRule.objects.create(
        facility=facility, is_confirmed=is_confirmed, asked_by=actor, asked_at=clock.now()
    )
    _note("ask_opening_rule", rule, actor)
    return rule


@transaction.atomic
def approve_opening_rule(*, rule: OpeningRule | int, actor: User) -> OpeningRule:
    """Let a rule count that somebody else asked for. Raises OpeningRuleByAsker or OpeningRuleDecided."""
    rows = OpeningRule.objects.select_for_update(of=("self",)).select_related("facility")
    row = rows.get(pk=getattr(rule, "pk", rule))
    if row.asked_by_id == actor.pk:
        raise OpeningRuleByAsker()
    newer = OpeningRule.objects.filter(facility=row.facility, pk__gt=row.pk)
    if row.approved_by_id is not None or newer.exists():
        raise OpeningRuleDecided()
    row.approved_by, row.approved_at = actor, clock.now()
    row.save(update_fields=["approved_by", "approved_at"])
    _note("approve_opening_rule", row, actor)
    return row


def _note(action: str, rule: OpeningRule, actor: User) -> None:
    audit.record(
        f"cashiering.{action}",
        actor=actor,
        subject=rule,
        facility=rule.facility,
        after={"confirmed": rule.is_confirmed},
    )
