"""A discrepancy's way to its end: one person proposes, another approves or sends back."""

from collections.abc import Sequence

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.access.queries import roles_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from reconciliation.commands.approved_match import make_match, still_possible
from reconciliation.commands.match import hold_account
from reconciliation.commands.opening import close_matched
from reconciliation.commands.posting import post_match
from reconciliation.models import Discrepancy, Expectation, Match, Proposal, StatementLine
from reconciliation.queries.match import item_parts, line_parts
from reconciliation.rules.plan import Plan
from reconciliation.rules.write_off import limit_of

Action = Proposal.Action
_CLOSING_ROLES = {Action.WRITE_OFF: "write_off.bank_difference", Action.SUSPENSE: "suspense.unidentified"}
_ABOUT_STATEMENTS = ("STATEMENT_BALANCE", "STATEMENT_GAP", "STATEMENT_MISSING")


class DiscrepancyClosed(Refusal):
    code = "discrepancy_closed"
    sentence = "{discrepancy} is {state} already. Refresh the list."


class PlanUnbalanced(Refusal):
    code = "plan_unbalanced"
    status = 422
    sentence = "Lines and items differ by {difference}. Choose others, or write the difference off."


class PlanNotOfAccount(Refusal):
    code = "plan_not_of_account"
    status = 422
    sentence = "A chosen line or item belongs to another account or currency. Choose again."


class NothingToPropose(Refusal):
    code = "nothing_to_propose"
    status = 422
    sentence = "{action} does not fit a discrepancy of this kind. Choose another action."


class WriteOffAboveLimit(Refusal):
    code = "write_off_above_limit"
    sentence = "{amount} is more than the {limit} you may write off. Ask somebody with a higher limit."


class ApprovalBySamePerson(Refusal):
    code = "approval_by_same_person"
    sentence = "You proposed {discrepancy} yourself. Another person must approve it."


class ProposalDecided(Refusal):
    code = "proposal_decided"
    sentence = "The proposal for {discrepancy} was decided already. Refresh the list."


@transaction.atomic
def propose(
    *,
    discrepancy_id: int,
    action: str,
    reason: str,
    actor: User,
    line_ids: Sequence[int] = (),
    item_ids: Sequence[int] = (),
) -> Proposal:
    """Propose how a discrepancy ends, with the exact journal that approval will post.

    action    MATCH: lines and items that balance to the cent (several of either: split, merge)
              WRITE_OFF, SUSPENSE: likewise, with the whole difference to that account
              ACCEPT: for a statement's balance, gap or absence; posts nothing
    line_ids  lines besides the discrepancy's own
    item_ids  items besides the discrepancy's own; where a line is the matter, instead of it

    Raises DiscrepancyClosed, PlanUnbalanced, PlanNotOfAccount, NothingToPropose, WriteOffAboveLimit.
    """
    found = (
        Discrepancy.objects.select_for_update(of=("self",)).select_related("account").get(pk=discrepancy_id)
    )
    if found.state in ("APPROVED", "PROPOSED"):
        raise DiscrepancyClosed(discrepancy=found.public_id, state=found.get_state_display().lower())
    if (action == Action.ACCEPT) != (found.kind in _ABOUT_STATEMENTS):
        raise NothingToPropose(action=Action(action).label)
    plan = plan_for(found, action=action, line_ids=line_ids, item_ids=item_ids)
    _check_limit(plan, found.currency, actor)
    proposal = Proposal.objects.create(
        discrepancy=found,
        action=action,
        reason=reason.strip(),
        plan=plan.as_json(),
        journal=plan.journal(),
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    found.state = "PROPOSED"
    found.save(update_fields=["state"])
    audit.record(
        "reconciliation.propose",
        actor=actor,
        subject=found,
        reason=proposal.reason,
        after={"action": action, "journal": proposal.journal},
    )
    return proposal


def plan_for(
    found: Discrepancy, *, action: str, line_ids: Sequence[int] = (), item_ids: Sequence[int] = ()
) -> Plan:
    """What the proposal would be made of: also shown before it is made. Raises as `propose`."""
    if action == Action.ACCEPT:
        return Plan((), ())
    account = found.account
    if account is None:
        raise NothingToPropose(action=Action(action).label)
    wanted_lines = sorted({*line_ids, *([found.line_id] if found.line_id else [])})
    own_item = [found.expectation_id] if found.expectation_id else []
    wanted_items = sorted({*item_ids} or set(own_item))
    if found.expectation_id and not found.line_id:
        wanted_items = sorted({*wanted_items, *own_item})
    lines = list(StatementLine.objects.filter(pk__in=wanted_lines, account=account).order_by("pk"))
    items = list(Expectation.objects.filter(pk__in=wanted_items, account=account).order_by("pk"))
    if len(lines) != len(wanted_lines) or len(items) != len(wanted_items):
        raise PlanNotOfAccount()
    plan = Plan(line_parts(account, lines), item_parts(items))
    if action in _CLOSING_ROLES:
        fee = sum(item.fee_minor for item in items) if lines else 0
        return plan.closed_by(_CLOSING_ROLES[Action(action)], found.public_id, fee_minor=fee)
    if not (plan.lines and plan.items):
        raise NothingToPropose(action=Action(action).label)
    if not plan.is_balanced:
        with_fee = _contracted_fee(plan, items)
        if with_fee is None:
            raise PlanUnbalanced(difference=Money(plan.difference_minor, found.currency))
        return with_fee
    return plan


def _contracted_fee(plan: Plan, items: Sequence[Expectation]) -> Plan | None:
    """The plan with its difference as merchant fee, when it is exactly what the contracts allow."""
    fee = sum(item.fee_minor for item in items)
    return plan.closed_by("fee.merchant") if fee and plan.difference_minor == fee else None


def _check_limit(plan: Plan, currency: str, actor: User) -> None:
    written_off = sum(
        abs(each.amount_minor) for each in plan.adjustments if each.role == "write_off.bank_difference"
    )
    limit = limit_of(roles_of(actor), currency)
    if written_off > limit.minor:
        raise WriteOffAboveLimit(
            amount=f"{Money(written_off, currency)} {currency}", limit=f"{limit} {currency}"
        )


@transaction.atomic
def approve(*, proposal_id: int, actor: User) -> Proposal:
    """Another person agrees: the match is made and posted, and the discrepancy closes.

    Raises ProposalDecided, DiscrepancyClosed, ApprovalBySamePerson, WriteOffAboveLimit, PlanOutdated.
    """
    _hold_accounts([proposal_id])
    proposal, found = _locked(proposal_id)
    if found.state != "PROPOSED":
        raise DiscrepancyClosed(discrepancy=found.public_id, state=found.get_state_display().lower())
    if proposal.proposed_by_id == actor.pk:
        raise ApprovalBySamePerson(discrepancy=found.public_id)
    match = None
    if proposal.action != Action.ACCEPT:
        assert found.account is not None
        plan = still_possible(found.account, proposal)
        _check_limit(plan, found.currency, actor)
        match = make_match(found, proposal, plan)
    _decide(proposal, verdict="APPROVED", actor=actor, match=match)
    found.state, found.closed_at, found.closed_by_match = "APPROVED", clock.now(), match
    found.save(update_fields=["state", "closed_at", "closed_by_match"])
    if match is not None:
        close_matched([match.pk])
        post_match(match, actor=actor)
    audit.record("reconciliation.approve", actor=actor, subject=found, after={"proposal": proposal.public_id})
    return proposal


@transaction.atomic
def approve_all(*, proposal_ids: Sequence[int], actor: User) -> int:
    """Approve several, all or none; the caller has checked the count that the person typed."""
    _hold_accounts(proposal_ids)
    for proposal_id in sorted(proposal_ids):
        approve(proposal_id=proposal_id, actor=actor)
    return len(proposal_ids)


@transaction.atomic
def send_back(*, proposal_id: int, reason: str, actor: User) -> Proposal:
    """Another person disagrees, with a reason; the discrepancy waits for a new proposal.

    Raises ProposalDecided, ApprovalBySamePerson.
    """
    proposal, found = _locked(proposal_id)
    if proposal.proposed_by_id == actor.pk:
        raise ApprovalBySamePerson(discrepancy=found.public_id)
    _decide(proposal, verdict="REJECTED", actor=actor, reason=reason)
    _wait_again(found, "REJECTED")
    audit.record("reconciliation.send_back", actor=actor, subject=found, reason=reason)
    return proposal


@transaction.atomic
def withdraw(*, proposal_id: int, actor: User) -> Proposal:
    """Whoever proposed takes it back before anyone decided. Raises ProposalDecided."""
    proposal, found = _locked(proposal_id)
    if proposal.proposed_by_id != actor.pk:
        raise ProposalDecided(discrepancy=found.public_id)
    _decide(proposal, verdict="WITHDRAWN", actor=actor)
    _wait_again(found, "OPEN")
    audit.record("reconciliation.withdraw", actor=actor, subject=found)
    return proposal


def _hold_accounts(proposal_ids: Sequence[int]) -> None:
    """No pass matches the proposals' lines or items meanwhile; accounts in one order, before any row."""
    rows = Proposal.objects.filter(pk__in=proposal_ids, discrepancy__account__isnull=False)
    for account_id in sorted(set(rows.values_list("discrepancy__account_id", flat=True))):
        hold_account(account_id)


def _wait_again(found: Discrepancy, state: str) -> None:
    """Unless a match of others closed it while the proposal waited."""
    if found.state == "PROPOSED":
        found.state = state
        found.save(update_fields=["state"])


def _locked(proposal_id: int) -> tuple[Proposal, Discrepancy]:
    """The proposal and its discrepancy, the parent locked first."""
    found = (
        Discrepancy.objects.select_for_update(of=("self",))
        .select_related("account__facility")
        .get(proposals__pk=proposal_id)
    )
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.verdict is not None:
        raise ProposalDecided(discrepancy=found.public_id)
    return proposal, found


def _decide(
    proposal: Proposal, *, verdict: str, actor: User, reason: str = "", match: Match | None = None
) -> None:
    proposal.verdict, proposal.verdict_reason = verdict, reason.strip()
    proposal.decided_by, proposal.decided_at, proposal.match = actor, clock.now(), match
    proposal.save(update_fields=["verdict", "verdict_reason", "decided_by", "decided_at", "match"])
