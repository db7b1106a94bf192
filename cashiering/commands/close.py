"""Closing a drawer blind: count first, see the result afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cashiering.commands.locks import NotYourSession, SessionNotOpen, lock_over_short, lock_session
from cashiering.commands.register import till_policy
from cashiering.commands.session import post_over_short, write_count
from cashiering.models import Count, OverShort, Session, Tender, TerminalRequest
from cashiering.queries.expected_cash import expected_cash
from cashiering.rules.denominations import counted_total
from cashiering.rules.variance import Band, band_of
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class TerminalAnswerMissing(Refusal):
    code = "terminal_answer_missing"
    sentence = "{count} card sales are not finished. Ask the terminal for its answer, then close."


class CountNotAwaited(Refusal):
    code = "count_not_awaited"
    sentence = "Session {number} is {state}; no count is awaited."


class VarianceReasonMissing(Refusal):
    code = "variance_reason_missing"
    status = 422
    sentence = "Say what may explain the difference."


class VarianceNotAwaited(Refusal):
    code = "variance_not_awaited"
    sentence = "Session {number} has no difference that waits for a reason."


@dataclass(frozen=True, slots=True)
class CountResult:
    """What a committed count showed. A recount is asked for without saying by how much."""

    session: Session
    needs_recount: bool
    counted: Money
    expected: Money | None
    difference: Money | None


@transaction.atomic
def start_counting(*, session: Session | int, actor: User) -> Session:
    """Stop taking money at the drawer: a payment in flight is through before, or refused after.

    Raises NotYourSession, SessionNotOpen or TerminalAnswerMissing.
    """
    session = _own(session, actor)
    if session.state not in (Session.State.OPEN, Session.State.SUSPENDED):
        raise SessionNotOpen(number=session.number, state=session.get_state_display().lower())
    unfinished = unfinished_card_sales(session)
    if unfinished:
        raise TerminalAnswerMissing(count=unfinished)
    session.state = Session.State.COUNTING
    session.save(update_fields=["state"])
    audit.record("cashiering.start_counting", actor=actor, subject=session, facility=session.facility)
    return session


def unfinished_card_sales(session: Session) -> int:
    """Sales asked of the terminal that are neither declined, nor booked, nor voided there."""
    sales = TerminalRequest.objects.filter(session=session, kind="SALE", tender__isnull=True)
    waiting = sales.exclude(state=TerminalRequest.State.DECLINED).values_list("public_id", flat=True)
    keys = {f"void:{public_id}" for public_id in waiting}
    undone = TerminalRequest.objects.filter(key__in=keys, state=TerminalRequest.State.APPROVED).count()
    return len(keys) - undone


@transaction.atomic
def commit_count(
    *,
    session: Session | int,
    denominations: dict[int, int],
    actor: User,
    ticked_cheques: Sequence[int] = (),
) -> CountResult:
    """Commit the count of the drawer; only now may the expected cash be seen.

    ticked_cheques  ids of the cheque tenders that lie in the drawer

    Within the free band the session is counted; outside, the first count is kept and one recount is
    asked for, and a difference that remains waits for a reason and another person. Raises
    NotYourSession, CountNotAwaited, DenominationUnknown or PiecesMalformed. Emits `cash.over_short`
    for a difference within the free band.
    """
    session = _own(session, actor)
    if session.state not in (Session.State.COUNTING, Session.State.RECOUNT):
        raise CountNotAwaited(number=session.number, state=session.get_state_display().lower())
    is_recount = session.state == Session.State.RECOUNT
    counted = counted_total(denominations, session.currency)
    kind = Count.Kind.RECOUNT if is_recount else Count.Kind.CLOSING
    write_count(session, kind=kind, denominations=denominations, counted=counted, actor=actor)
    tick_cheques(session, ticked_cheques)
    return settle_count(session, counted=counted, may_recount=not is_recount, actor=actor)


def tick_cheques(session: Session, ids: Sequence[int]) -> None:
    """Note that these cheques of the session are here. For callers that hold the session's lock."""
    cheques = Tender.objects.filter(kind="CHEQUE", payment__session=session, ticked_at__isnull=True)
    cheques.filter(id__in=ids).update(ticked_at=clock.now())


def settle_count(session: Session, *, counted: Money, may_recount: bool, actor: User) -> CountResult:
    """Judge a counted drawer and move its session on. For callers that hold the session's lock."""
    expected = expected_cash(session)
    policy = till_policy(session.facility_id)
    band = band_of(
        counted.minor - expected.minor,
        free_minor=policy.variance_free_minor,
        supervisor_minor=policy.variance_supervisor_minor,
    )
    if may_recount and band not in (Band.EXACT, Band.FREE):
        session.state = Session.State.RECOUNT
        session.save(update_fields=["state"])
        audit.record("cashiering.ask_recount", actor=actor, subject=session, facility=session.facility)
        return CountResult(session, True, counted, None, None)
    is_free = band in (Band.EXACT, Band.FREE)
    session.state = Session.State.BALANCED if is_free else Session.State.VARIANCE_PENDING
    session.counted_minor = counted.minor
    session.closed_at = clock.now()
    session.save(update_fields=["state", "counted_minor", "closed_at"])
    if band is not Band.EXACT:
        _record_variance(session, expected=expected, counted=counted, band=band, actor=actor)
    audit.record(
        "cashiering.commit_count",
        actor=actor,
        subject=session,
        facility=session.facility,
        after={"counted": counted, "expected": expected},
    )
    return CountResult(session, False, counted, expected, counted - expected)


def _record_variance(session: Session, *, expected: Money, counted: Money, band: Band, actor: User) -> None:
    is_free = band is Band.FREE
    over_short = OverShort.objects.create(
        session=session,
        kind="CLOSING",
        cashier=session.cashier,
        currency=session.currency,
        expected_minor=expected.minor,
        counted_minor=counted.minor,
        difference_minor=counted.minor - expected.minor,
        needs_finance=band is Band.FINANCE,
        state=OverShort.State.ACCEPTED if is_free else OverShort.State.UNEXPLAINED,
        created_at=clock.now(),
    )
    if is_free:
        post_over_short(session, over_short, actor=actor)


@transaction.atomic
def explain_variance(*, session: Session | int, reason: str, actor: User) -> OverShort:
    """Give the cashier's reason for a difference; then another person may approve it.

    Raises NotYourSession, VarianceReasonMissing or VarianceNotAwaited.
    """
    session = _own(session, actor)
    over_short = lock_over_short(session)
    if over_short is None or over_short.state != OverShort.State.UNEXPLAINED:
        raise VarianceNotAwaited(number=session.number)
    if not reason.strip():
        raise VarianceReasonMissing()
    over_short.reason = reason.strip()
    over_short.state = OverShort.State.PENDING
    over_short.save(update_fields=["reason", "state"])
    audit.record(
        "cashiering.explain_variance",
        actor=actor,
        subject=over_short,
        facility=session.facility,
        reason=reason,
    )
    return over_short


def _own(session: Session | int, actor: User) -> Session:
    session = lock_session(session)
    if session.cashier_id != actor.pk:
        raise NotYourSession(number=session.number)
    return session
