"""Closing a drawer blind: count first, see the result afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from cashiering.commands.locks import NotYourSession, SessionNotOpen, lock_over_shorts, lock_session
from cashiering.commands.register import till_policy
from cashiering.commands.session import post_over_short, told, write_count
from cashiering.commands.z_read import write_z_read
from cashiering.models import CashTransfer, Count, OverShort, Session, Tender, TerminalRequest
from cashiering.queries.expected_cash import expected_cash, foreign_currencies
from cashiering.queries.session import slips_of
from cashiering.rules.denominations import counted_total
from cashiering.rules.variance import Band, band_of
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class TerminalAnswerMissing(Refusal):
    code = "terminal_answer_missing"
    sentence = "{count} card sales are not finished. Ask the terminal for its answer, then close."


class TransferPending(Refusal):
    code = "transfer_pending"
    sentence = (
        "{count} transfers of cash wait for their receiver. Have them accepted or rejected, or withdraw "
        "them, then close."
    )


class ForeignCashUncounted(Refusal):
    code = "foreign_cash_uncounted"
    status = 422
    sentence = "Foreign cash went through this drawer: count {currencies} too, and no other currency."


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

    Raises NotYourSession, SessionNotOpen, TerminalAnswerMissing or TransferPending.
    """
    session = _own(session, actor)
    if session.state not in (Session.State.OPEN, Session.State.SUSPENDED):
        raise SessionNotOpen.of(session)
    refuse_unfinished(session)
    session.state = Session.State.COUNTING
    session.save(update_fields=["state"])
    audit.record("cashiering.start_counting", actor=actor, subject=session, facility=session.facility)
    return session


def refuse_unfinished(session: Session) -> None:
    """Raises TerminalAnswerMissing or TransferPending. For callers that hold the session's lock."""
    if unfinished := unfinished_card_sales(session):
        raise TerminalAnswerMissing(count=unfinished)
    refuse_pending(session)


def refuse_pending(session: Session) -> None:
    """Cash that is offered and not taken is in nobody's count. Raises TransferPending."""
    ends = Q(sender=session) | Q(receiver=session)
    if pending := CashTransfer.objects.filter(ends, state=CashTransfer.State.OFFERED).count():
        raise TransferPending(count=pending)


def unfinished_card_sales(session: Session) -> int:
    """Sales asked of the terminal that are neither declined, nor booked, nor voided there; and refunds."""
    sales = TerminalRequest.objects.filter(session=session, kind="SALE", tender__isnull=True)
    waiting = sales.exclude(state=TerminalRequest.State.DECLINED).values_list("public_id", flat=True)
    keys = {f"void:{public_id}" for public_id in waiting}
    undone = TerminalRequest.objects.filter(key__in=keys, state=TerminalRequest.State.APPROVED).count()
    refunds = TerminalRequest.objects.filter(session=session, kind="REFUND", refund__isnull=True)
    unpaid = refunds.exclude(state=TerminalRequest.State.DECLINED).count()
    return len(keys) - undone + unpaid


@transaction.atomic
def commit_count(
    *,
    session: Session | int,
    denominations: dict[int, int],
    actor: User,
    ticked_cheques: Sequence[int] = (),
    ticked_slips: Sequence[int] = (),
    foreign: Mapping[str, dict[int, int]] | None = None,
) -> CountResult:
    """Commit the count of the drawer; only now may the expected cash be seen.

    ticked_cheques  ids of the cheque tenders that lie in the drawer
    ticked_slips    ids of the transfers, wallets, HSA and FSA cards whose slips are there
    foreign         pieces by face value of each foreign currency that went through the drawer

    Within the free band the session is counted; outside, the first count is kept and one recount is
    asked for, and a difference that remains waits for a reason and another person. Raises
    NotYourSession, CountNotAwaited, TransferPending, ForeignCashUncounted, DenominationUnknown or
    PiecesMalformed. Emits `session.closed`, and `cash.over_short` for a difference within the free band.
    """
    session = _own(session, actor)
    if session.state not in (Session.State.COUNTING, Session.State.RECOUNT):
        raise CountNotAwaited(number=session.number, state=session.get_state_display().lower())
    refuse_pending(session)
    is_recount = session.state == Session.State.RECOUNT
    kind = Count.Kind.RECOUNT if is_recount else Count.Kind.CLOSING
    counted = write_closing_counts(session, kind, denominations, foreign or {}, actor=actor)
    tick_cheques(session, ticked_cheques)
    tick_slips(session, ticked_slips)
    return settle_count(
        session, counted=counted[0], foreign=counted[1:], may_recount=not is_recount, actor=actor
    )


def write_closing_counts(
    session: Session,
    kind: str,
    denominations: dict[int, int],
    foreign: Mapping[str, dict[int, int]],
    *,
    actor: User,
) -> list[Money]:
    """Write a count of each currency in the drawer, the session's own first. Raises ForeignCashUncounted."""
    wanted = foreign_currencies(session)
    if set(wanted) != set(foreign):
        raise ForeignCashUncounted(currencies=", ".join(wanted) or session.currency)
    pieces = {session.currency: denominations} | {currency: foreign[currency] for currency in wanted}
    totals = []
    for currency, counted in pieces.items():
        total = counted_total(counted, currency)
        write_count(session, kind=kind, denominations=counted, counted=total, actor=actor)
        totals.append(total)
    return totals


def tick_cheques(session: Session, ids: Sequence[int]) -> None:
    """Note that these cheques of the session are here. For callers that hold the session's lock."""
    cheques = Tender.objects.filter(kind="CHEQUE", payment__session=session, ticked_at__isnull=True)
    cheques.filter(id__in=ids).update(ticked_at=clock.now())


def tick_slips(session: Session, ids: Sequence[int]) -> None:
    """Note that the slips of these tenders are here. For callers that hold the session's lock."""
    missing = [slip.pk for slip in slips_of(session) if slip.ticked_at is None and slip.pk in ids]
    Tender.objects.filter(pk__in=missing).update(ticked_at=clock.now())


def settle_count(
    session: Session, *, counted: Money, may_recount: bool, actor: User, foreign: Sequence[Money] = ()
) -> CountResult:
    """Judge a counted drawer and move its session on. For callers that hold the session's lock."""
    found = [(one, expected_cash(session, one.currency)) for one in (counted, *foreign)]
    bands = [_band(session, one, expected) for one, expected in found]
    is_free = all(band in (Band.EXACT, Band.FREE) for band in bands)
    if may_recount and not is_free:
        session.state = Session.State.RECOUNT
        session.save(update_fields=["state"])
        audit.record("cashiering.ask_recount", actor=actor, subject=session, facility=session.facility)
        return CountResult(session, True, counted, None, None)
    session.state = Session.State.BALANCED if is_free else Session.State.VARIANCE_PENDING
    session.counted_minor = counted.minor
    session.closed_at = clock.now()
    session.save(update_fields=["state", "counted_minor", "closed_at"])
    for (one, expected), band in zip(found, bands, strict=True):
        if band is not Band.EXACT:
            _record_variance(session, expected=expected, counted=one, band=band, actor=actor)
    write_z_read(session)
    expected = found[0][1]
    audit.record(
        "cashiering.commit_count",
        actor=actor,
        subject=session,
        facility=session.facility,
        after={"counted": counted, "expected": expected},
    )
    outbox.record("session.closed", subject=session.public_id, facility=session.facility, data=told(session))
    return CountResult(session, False, counted, expected, counted - expected)


def _band(session: Session, counted: Money, expected: Money) -> Band:
    """A foreign difference is never free: the limits are amounts of the facility's own currency."""
    policy = till_policy(session.facility_id)
    band = band_of(
        counted.minor - expected.minor,
        free_minor=policy.variance_free_minor,
        supervisor_minor=policy.variance_supervisor_minor,
    )
    is_foreign = counted.currency != session.currency
    return Band.FINANCE if is_foreign and band is not Band.EXACT else band


def _record_variance(session: Session, *, expected: Money, counted: Money, band: Band, actor: User) -> None:
    is_free = band is Band.FREE
    over_short = OverShort.objects.create(
        session=session,
        kind="CLOSING",
        cashier=session.cashier,
        currency=counted.currency,
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
    unexplained = [one for one in lock_over_shorts(session) if one.state == OverShort.State.UNEXPLAINED]
    if not unexplained:
        raise VarianceNotAwaited(number=session.number)
    if not reason.strip():
        raise VarianceReasonMissing()
    for over_short in unexplained:
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
