"""The match that two people agreed on: whether it is still possible, and writing it."""

from hms_ach import clock
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from reconciliation.commands.written_match import write_match
from reconciliation.models import (
    BankAccount,
    Discrepancy,
    Expectation,
    Match,
    OpenItem,
    OpenLine,
    Proposal,
    StatementLine,
)
from reconciliation.queries.match import item_parts, line_parts
from reconciliation.rules.plan import Plan, adjustments_from


class PlanOutdated(Refusal):
    code = "plan_outdated"
    sentence = "A line or item of the proposal was matched meanwhile. Send it back and propose anew."


def still_possible(account: BankAccount, proposal: Proposal) -> Plan:
    """The plan as proposed, with its rows locked. Raises PlanOutdated when one is taken by now."""
    said = proposal.plan
    lines = list(StatementLine.objects.filter(pk__in=said["lines"]).order_by("pk"))
    items = list(Expectation.objects.select_for_update().filter(pk__in=said["items"]).order_by("pk"))
    is_open = OpenLine.objects.filter(pk__in=said["lines"]).count() == len(set(said["lines"])) and (
        OpenItem.objects.filter(pk__in=said["items"]).count() == len(set(said["items"]))
    )
    plan = Plan(line_parts(account, lines), item_parts(items), adjustments_from(said["adjustments"]))
    if not is_open or plan.journal() != proposal.journal:
        raise PlanOutdated()
    return plan


def make_match(found: Discrepancy, proposal: Proposal, plan: Plan) -> Match:
    """Write the approved match; the person who proposed it made it."""
    assert found.account is not None
    assert found.amount_minor is not None
    lines = StatementLine.objects.filter(pk__in=proposal.plan["lines"])
    booked_on = max((line.booked_on for line in lines), default=None)
    effective_on = booked_on or clock.today(found.account.facility.timezone)
    reasons = Money(found.amount_minor, found.currency)
    return write_match(
        account=found.account,
        pass_name=f"person.{proposal.action.lower()}",
        reasons=[f"{found.get_kind_display()} of {reasons.in_words()}", "approved by two people"],
        lines=proposal.plan["lines"],
        items=proposal.plan["items"],
        adjustments=plan.adjustments,
        effective_on=effective_on,
        actor_id=proposal.proposed_by_id,
    )
