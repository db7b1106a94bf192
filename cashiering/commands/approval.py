"""The second person: variances, sessions, and drawers that were left behind."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from cashiering.commands.close import (
    CountResult,
    VarianceNotAwaited,
    VarianceReasonMissing,
    refuse_pending,
    settle_count,
    tick_cheques,
    tick_slips,
    write_closing_counts,
)
from cashiering.commands.locks import lock_over_shorts, lock_session
from cashiering.commands.session import post_over_short, record_float, told
from cashiering.commands.transfer import decide
from cashiering.models import CashTransfer, Count, OverShort, Session
from cashiering.queries.expected_cash import counted_cash
from cashiering.queries.session import people_of_drawer
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry


class ApproverIsCashier(Refusal):
    code = "approver_is_cashier"
    status = 403
    sentence = "You worked, counted or witnessed session {number} yourself; another person must approve it."


class VarianceNeedsFinance(Refusal):
    code = "variance_needs_finance"
    status = 403
    sentence = (
        "The difference of session {number} is beyond a head cashier's limit. A controller must approve it."
    )


class SessionNotBalanced(Refusal):
    code = "session_not_balanced"
    sentence = "Session {number} is {state}; only a counted session without open difference is approved."


class SessionNotRunning(Refusal):
    code = "session_not_running"
    sentence = "Session {number} is {state}; only a running session is closed by force."


class ForceReasonMissing(Refusal):
    code = "force_reason_missing"
    status = 422
    sentence = "Say why the session is closed for its cashier."


class SessionNotForced(Refusal):
    code = "session_not_forced"
    sentence = "Session {number} is {state}; only a drawer left behind is counted by somebody else."


@transaction.atomic
def approve_variance(*, session: Session | int, actor: User, reason: str = "") -> OverShort:
    """Accept a drawer's difference and book it to cash over and short.

    reason  the approver's own, needed where the cashier gave none (a forced session)

    Raises VarianceNotAwaited, VarianceReasonMissing, ApproverIsCashier, or VarianceNeedsFinance for a
    person without cashiering.approve_large_variance. Emits `cash.over_short`.
    """
    session = lock_session(session)
    waiting = (OverShort.State.PENDING, OverShort.State.UNEXPLAINED)
    open_ones = [one for one in lock_over_shorts(session) if one.state in waiting]
    if not open_ones:
        raise VarianceNotAwaited(number=session.number)
    _refuse_own(session, actor)
    is_large = any(one.needs_finance for one in open_ones)
    if is_large and not actor.has_perm("cashiering.approve_large_variance"):
        raise VarianceNeedsFinance(number=session.number)
    for over_short in open_ones:
        _approve(session, over_short, reason=reason, actor=actor)
    session.state = Session.State.BALANCED
    session.save(update_fields=["state"])
    return open_ones[0]


def _approve(session: Session, over_short: OverShort, *, reason: str, actor: User) -> None:
    over_short.reason = over_short.reason or reason.strip()
    if not over_short.reason:
        raise VarianceReasonMissing()
    over_short.state = OverShort.State.APPROVED
    over_short.approved_by = actor
    over_short.approved_at = clock.now()
    over_short.save(update_fields=["reason", "state", "approved_by", "approved_at"])
    post_over_short(session, over_short, actor=actor)
    audit.record(
        "cashiering.approve_variance",
        actor=actor,
        subject=over_short,
        facility=session.facility,
        reason=reason,
    )


@transaction.atomic
def approve_session(
    *,
    session: Session | int,
    actor: User,
    found_cheques: Sequence[int] = (),
    found_slips: Sequence[int] = (),
) -> Session:
    """Accept a counted session: its cash goes to the safe, and its drawer's account to zero.

    found_cheques  ids of cheque tenders that nobody ticked and that the approver holds all the same
    found_slips    ids of tenders whose slips nobody ticked and that the approver holds all the same

    Raises SessionNotBalanced, ApproverIsCashier, or VarianceNeedsFinance where the float was counted
    beyond a head cashier's limit and the person has no cashiering.approve_large_variance.
    """
    session = lock_session(session)
    if session.state != Session.State.BALANCED:
        raise SessionNotBalanced(number=session.number, state=session.get_state_display().lower())
    _refuse_own(session, actor)
    _approve_opening(session, actor)
    tick_cheques(session, found_cheques)
    tick_slips(session, found_slips)
    session.state = Session.State.APPROVED
    session.approved_by = actor
    session.approved_at = clock.now()
    session.save(update_fields=["state", "approved_by", "approved_at"])
    assert session.counted_minor is not None
    counted = Money(session.counted_minor, session.currency)
    _to_safe(session, actor)
    audit.record(
        "cashiering.approve_session",
        actor=actor,
        subject=session,
        facility=session.facility,
        after={"counted": counted},
    )
    outbox.record(
        "session.approved", subject=session.public_id, facility=session.facility, data=told(session)
    )
    return session


def _to_safe(session: Session, actor: User) -> None:
    """Book what was counted, in each currency, from the drawer to the safe."""
    postings = []
    for counted in counted_cash(session).values():
        if counted:
            postings.append(Posting("cash.safe", counted, tender="CASH"))
            postings.append(Posting("cash.drawer", -counted, reference=session.public_id, tender="CASH"))
    if postings:
        post_entry(
            key=f"cashiering.close:{session.public_id}",
            facility=session.facility,
            effective_on=session.business_on,
            source=("session", session.public_id),
            memo=f"Close {session.number}",
            postings=postings,
            actor=actor,
        )


def _approve_opening(session: Session, actor: User) -> None:
    """Approving a session accepts the difference it was opened with."""
    opening = OverShort.objects.filter(session=session, kind="OPENING", state=OverShort.State.PENDING)
    is_large = opening.filter(needs_finance=True).exists()
    if is_large and not actor.has_perm("cashiering.approve_large_variance"):
        raise VarianceNeedsFinance(number=session.number)
    opening.update(state=OverShort.State.APPROVED, approved_by=actor, approved_at=clock.now())


@transaction.atomic
def force_close(*, session: Session | int, reason: str, actor: User) -> Session:
    """Close a forgotten session for its cashier. The count stays unknown until somebody counts.

    A float that was given and never counted is booked now, so that counting finds it expected.
    Raises SessionNotRunning, ForceReasonMissing or ApproverIsCashier.
    """
    session = lock_session(session)
    if session.state not in Session.IN_CUSTODY:
        raise SessionNotRunning(number=session.number, state=session.get_state_display().lower())
    if not reason.strip():
        raise ForceReasonMissing()
    if session.cashier_id == actor.pk:
        raise ApproverIsCashier(number=session.number)
    if session.state == Session.State.OPENING:
        given = Money(session.register.default_float_minor, session.currency)
        record_float(session, given, actor)
        session.cash_minor = given.minor
    session.state = Session.State.FORCED
    session.forced_by = actor
    session.forced_reason = reason.strip()
    session.save(update_fields=["state", "cash_minor", "forced_by", "forced_reason"])
    audit.record(
        "cashiering.force_close", actor=actor, subject=session, facility=session.facility, reason=reason
    )
    _end_handover(session, actor)
    outbox.record("session.forced", subject=session.public_id, facility=session.facility, data=told(session))
    return session


def _end_handover(session: Session, actor: User) -> None:
    """A drawer that was being handed over is not any more; other offers still wait for their receivers."""
    offered = CashTransfer.objects.filter(sender=session, kind="HANDOVER", state="OFFERED")
    for transfer in offered.select_related("facility", "sender").order_by("id"):
        decide(transfer, CashTransfer.State.WITHDRAWN, actor, reason=session.forced_reason)


@transaction.atomic
def count_forced(
    *,
    session: Session | int,
    denominations: dict[int, int],
    actor: User,
    ticked_cheques: Sequence[int] = (),
    ticked_slips: Sequence[int] = (),
    foreign: Mapping[str, dict[int, int]] | None = None,
) -> CountResult:
    """Count a drawer whose cashier is away; a third person approves the session afterwards.

    ticked_cheques  ids of the cheque tenders that lie in the drawer
    ticked_slips    ids of the transfers, wallets, HSA and FSA cards whose slips are there
    foreign         pieces by face value of each foreign currency that went through the drawer

    Raises SessionNotForced, ApproverIsCashier, TransferPending, ForeignCashUncounted or what counting raises.
    """
    session = lock_session(session)
    if session.state != Session.State.FORCED:
        raise SessionNotForced(number=session.number, state=session.get_state_display().lower())
    if actor.pk in {session.cashier_id, *session.audits.values_list("audited_by_id", flat=True)}:
        raise ApproverIsCashier(number=session.number)
    refuse_pending(session)
    known = set(session.counts.values_list("kind", flat=True))
    kind = Count.Kind.RECOUNT if Count.Kind.CLOSING in known else Count.Kind.CLOSING
    counted = write_closing_counts(session, kind, denominations, foreign or {}, actor=actor)
    tick_cheques(session, ticked_cheques)
    tick_slips(session, ticked_slips)
    return settle_count(session, counted=counted[0], foreign=counted[1:], may_recount=False, actor=actor)


def _refuse_own(session: Session, actor: User) -> None:
    """The approver had no hand in this drawer: see people_of_drawer. Raises ApproverIsCashier."""
    if actor.pk in people_of_drawer(session):
        raise ApproverIsCashier(number=session.number)
