"""A discrepancy's way to its end: one person proposes, another approves or sends back."""

from collections.abc import Sequence

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.access.queries import roles_of
from hms_ach.money import Money
from hms_ach.proposed import decide
from hms_ach.refusal import Refusal
from reconciliation.commands.approved_match import make_match, still_possible
from reconciliation.commands.match import hold_account
from reconciliation.commands.opening import close_matched
from reconciliation.commands.plan import NothingToPropose, plan_for, score_of
from reconciliation.commands.posting import post_match
from reconciliation.commands.sweep_half import keep_sweep, other_line_of, still_other_line, write_half
from reconciliation.commands.taken_back import keep_taken_back, original_id, still_to_take_back
from reconciliation.models import Discrepancy, Match, Proposal, StatementLine
from reconciliation.rules.cause import CAUSES
from reconciliation.rules.plan import Plan
from reconciliation.rules.write_off import limit_of

Action = Proposal.Action
_ABOUT_STATEMENTS = ("STATEMENT_BALANCE", "STATEMENT_GAP", "STATEMENT_MISSING", "STATEMENT_ANNOUNCED")


class DiscrepancyClosed(Refusal):
    code = "discrepancy_closed"
    sentence = "{discrepancy} is {state} already. Refresh the list."


class WriteOffAboveLimit(Refusal):
    code = "write_off_above_limit"
    sentence = "{amount} is more than the {limit} you may write off. Ask somebody with a higher limit."


class ApprovalBySamePerson(Refusal):
    code = "approval_by_same_person"
    sentence = "You proposed {discrepancy} yourself. Another person must approve it."


class ProposalDecided(Refusal):
    code = "proposal_decided"
    sentence = "The proposal for {discrepancy} was decided already. Refresh the list."


class ScoreBelowThreshold(Refusal):
    code = "score_below_threshold"
    sentence = "The proposal for {discrepancy} does not score {at_least}. Decide it by itself."


@transaction.atomic
def propose(
    *,
    discrepancy_id: int,
    action: str,
    reason: str,
    actor: User,
    cause: str = "",
    line_ids: Sequence[int] = (),
    item_ids: Sequence[int] = (),
) -> Proposal:
    """Propose how a discrepancy ends, with the exact journal that approval will post.

    action    MATCH: lines and items that balance to the cent (several of either: split, merge)
              WRITE_OFF, SUSPENSE: likewise, with the whole difference to that account
              RETURN: the opposite of the earlier match that the line takes back
              TRANSFER: the line with one of another own account that it can be one movement with
              ACCEPT: for a statement's balance, gap or absence; posts nothing
    cause     one of rules.cause for the action, or empty
    line_ids  lines besides the discrepancy's own; of a transfer, the other account's where several fit
    item_ids  items besides the discrepancy's own; where a line is the matter, instead of it

    Raises DiscrepancyClosed, PlanUnbalanced, PlanNotOfAccount, NothingToPropose, OneSideMissing,
    AccountMissing, WriteOffAboveLimit, OtherSideElsewhere, TransferNotChosen.
    """
    found = (
        Discrepancy.objects.select_for_update(of=("self",)).select_related("account").get(pk=discrepancy_id)
    )
    if found.state in ("APPROVED", "PROPOSED"):
        raise DiscrepancyClosed(discrepancy=found.public_id, state=found.get_state_display().lower())
    if (action == Action.ACCEPT) != (found.kind in _ABOUT_STATEMENTS):
        raise NothingToPropose(action=Action(action).label)
    assert cause == "" or cause in CAUSES[action]
    plan = plan_for(found, action=action, line_ids=line_ids, item_ids=item_ids)
    check_write_off(plan, found.currency, actor)
    proposal = Proposal.objects.create(
        discrepancy=found,
        action=action,
        cause=cause,
        reason=reason.strip(),
        score=score_of(action, plan),
        plan=plan.as_json() | original_id(found, action) | other_line_of(found, action, actor, line_ids),
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


def check_write_off(plan: Plan, currency: str, actor: User) -> None:
    """Refuse what is more than the person may write off. Raises WriteOffAboveLimit."""
    written_off = sum(
        abs(each.amount_minor) for each in plan.adjustments if each.role == "write_off.bank_difference"
    )
    limit = limit_of(roles_of(actor), currency)
    if written_off > limit.minor:
        raise WriteOffAboveLimit(amount=Money(written_off, currency), limit=limit)


@transaction.atomic
def approve(*, proposal_id: int, actor: User) -> Proposal:
    """Another person agrees: the match is made and posted, and the discrepancy closes.

    Raises ProposalDecided, DiscrepancyClosed, ApprovalBySamePerson, WriteOffAboveLimit, PlanOutdated,
    OtherSideElsewhere.
    """
    _hold_accounts([proposal_id])
    proposal, found = _locked(proposal_id)
    if found.state != "PROPOSED":
        raise DiscrepancyClosed(discrepancy=found.public_id, state=found.get_state_display().lower())
    if proposal.proposed_by_id == actor.pk:
        raise ApprovalBySamePerson(discrepancy=found.public_id)
    match = original = other = None
    if proposal.action != Action.ACCEPT:
        assert found.account is not None
        if proposal.action == Action.RETURN:
            original = still_to_take_back(found, proposal)
        if proposal.action == Action.TRANSFER:
            other = still_other_line(found, proposal, actor)
        plan = still_possible(found.account, proposal)
        check_write_off(plan, found.currency, actor)
        match = make_match(found, proposal, plan)
    decide(proposal, "APPROVED", actor, match=match)
    found.state, found.closed_at, found.closed_by_match = "APPROVED", clock.now(), match
    found.save(update_fields=["state", "closed_at", "closed_by_match"])
    if match is not None:
        if proposal.action == Action.RETURN:
            keep_taken_back(match, original)
        halves = [match, _other_half(match, found, proposal, other)] if other else [match]
        close_matched([each.pk for each in halves])
        for each in halves:
            post_match(each, actor=actor)
    audit.record("reconciliation.approve", actor=actor, subject=found, after={"proposal": proposal.public_id})
    return proposal


def _other_half(match: Match, found: Discrepancy, proposal: Proposal, other: StatementLine) -> Match:
    """The match of the other account's line, tied to this one's."""
    assert found.line is not None
    reasons = ["approved by two people"]
    half = write_half(
        other, found.line, pass_name=match.pass_name, reasons=reasons, maker=proposal.proposed_by
    )
    keep_sweep(match, found.line, half)
    return half


@transaction.atomic
def approve_all(*, proposal_ids: Sequence[int], at_least: int, actor: User) -> int:
    """Approve several, all or none; the caller has checked the count that the person typed.

    at_least  the score that each must have: what no pass has a view of is decided by itself

    Raises ScoreBelowThreshold and as `approve`.
    """
    _hold_accounts(proposal_ids)
    weak = Proposal.objects.filter(pk__in=proposal_ids).exclude(score__gte=at_least).order_by("pk")
    for proposal in weak.select_related("discrepancy")[:1]:
        raise ScoreBelowThreshold(discrepancy=proposal.discrepancy.public_id, at_least=at_least)
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
    decide(proposal, "REJECTED", actor, verdict_reason=reason.strip())
    _wait_again(found, "REJECTED")
    audit.record("reconciliation.send_back", actor=actor, subject=found, reason=reason)
    return proposal


@transaction.atomic
def withdraw(*, proposal_id: int, actor: User) -> Proposal:
    """Whoever proposed takes it back before anyone decided. Raises ProposalDecided."""
    proposal, found = _locked(proposal_id)
    if proposal.proposed_by_id != actor.pk:
        raise ProposalDecided(discrepancy=found.public_id)
    decide(proposal, "WITHDRAWN", actor)
    _wait_again(found, "OPEN")
    audit.record("reconciliation.withdraw", actor=actor, subject=found)
    return proposal


def _hold_accounts(proposal_ids: Sequence[int]) -> None:
    """No pass matches the proposals' lines or items meanwhile; accounts in one order, before any row."""
    rows = Proposal.objects.filter(pk__in=proposal_ids, discrepancy__account__isnull=False)
    others = rows.filter(action=Action.TRANSFER).values_list("plan__other_line", flat=True)
    of_others = StatementLine.objects.filter(pk__in=list(others)).values_list("account_id", flat=True)
    for account_id in sorted({*rows.values_list("discrepancy__account_id", flat=True), *of_others}):
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
