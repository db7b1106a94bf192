"""The only place of the till that takes row locks, in one order.

Idempotency row, then sessions by id, then a transfer, then the payment's key, then a refund, then invoices
by id (billing's own), then payment, then credits by id, then card batch. Refunds in a batch come before it,
chargebacks and those that were won after it; a processor's payout before all that it is made of.
Commands call these in that order, so that no two of them can wait for each other in a ring.
"""

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import F

from cashiering.models import (
    CardBatch,
    CashTransfer,
    ChargebackWin,
    Credit,
    Deposit,
    OverShort,
    Payment,
    PaymentReturn,
    Refund,
    Session,
    TerminalRequest,
)
from hms_ach.refusal import Refusal


class SessionNotOpen(Refusal):
    code = "session_not_open"
    sentence = "Session {number} {why}"

    @classmethod
    def of(cls, session: Session) -> "SessionNotOpen":
        """What keeps this session from it, and what its cashier does about that."""
        return cls(number=session.number, why=_WHY.get(session.state, _CLOSED))


_WHY = {
    "OPENING": "waits for its opening count. Count its float first.",
    "SUSPENDED": "is locked for a break. Take it up again first.",
    "COUNTING": "is being counted and moves no money. Finish its count.",
    "RECOUNT": "is to be counted once more and moves no money. Finish its count.",
    "FORCED": "was ended by a manager and waits for its count. Work in a session of your own.",
}
_CLOSED = "is closed and moves no money any more. Work in an open session."


class NotYourSession(Refusal):
    code = "not_your_session"
    status = 403
    sentence = "Session {number} is another cashier's. Work in your own session."


def lock_session(session: Session | int) -> Session:
    """The session, held until the transaction ends: payments and a close wait for each other."""
    rows = Session.objects.select_for_update(of=("self",)).select_related(
        "register", "facility__legal_entity", "facility__till_policy", "cashier"
    )
    return rows.get(pk=getattr(session, "pk", session))


def lock_sessions(*ids: int | None) -> dict[int, Session]:
    """Sessions by id, locked in the order of their ids: two who name each other never wait in a ring."""
    return {pk: lock_session(pk) for pk in sorted({pk for pk in ids if pk})}


def lock_transfer(transfer: CashTransfer | int) -> CashTransfer:
    """The transfer with the sessions at both its ends, which are locked first, in the order of their ids."""
    pk = transfer if isinstance(transfer, int) else transfer.pk
    ends = CashTransfer.objects.filter(pk=pk).values_list("sender_id", "receiver_id").get()
    sessions = lock_sessions(*ends)
    rows = CashTransfer.objects.select_for_update(of=("self",))
    locked = rows.select_related("facility", "offered_by", "offered_to").get(pk=pk)
    locked.sender, locked.receiver = (sessions.get(end) for end in ends)
    return locked


def lock_own_session(session: Session | int, *, actor) -> Session:
    """The actor's own session in whatever state, locked. Raises NotYourSession."""
    locked = lock_session(session)
    if locked.cashier_id != actor.pk:
        raise NotYourSession(number=locked.number)
    return locked


def lock_open_session(session: Session | int, *, actor) -> Session:
    """The actor's own open session, locked. Raises NotYourSession or SessionNotOpen."""
    locked = lock_own_session(session, actor=actor)
    refuse_not_open(locked)
    return locked


def refuse_not_open(session: Session) -> None:
    """Raises SessionNotOpen."""
    if session.state != Session.State.OPEN:
        raise SessionNotOpen.of(session)


def lock_key(key: str) -> None:
    """Whoever uses the same payment key at the same moment waits here, and then finds its payment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"cashiering.payment:{key}"])


def lock_payment(payment: Payment | int) -> tuple[Session | None, Payment]:
    """A payment held against every other change of it, with its session if it has one.

    A receipt's row is never written again, so its key is locked in its place.
    """
    rows = Payment.objects.select_related("facility", "patient", "taken_by")
    found = rows.get(pk=getattr(payment, "pk", payment))
    session = lock_session(found.session_id) if found.session_id else None
    lock_key(found.key)
    return session, found


def lock_refund(refund: Refund | int, *, also: Session | int | None = None) -> Refund:
    """A refund with its payment and the sessions it touches, locked before it.

    also  the session that pays it out
    """
    rows = Refund.objects.select_related("payment", "tender__exchange_rate", "facility")
    found = rows.get(pk=getattr(refund, "pk", refund))
    payer = also.pk if isinstance(also, Session) else also
    lock_sessions(found.payment.session_id, payer)
    lock_key(found.payment.key)
    return rows.select_for_update(of=("self",)).get(pk=found.pk)


def lock_credits(*, patient_id: int, facility_id: int, currency: str) -> list[Credit]:
    """What a patient has left on account at a facility, oldest first."""
    rows = Credit.objects.filter(patient_id=patient_id, facility_id=facility_id, currency=currency)
    left = rows.filter(used_minor__lt=F("amount_minor")).select_related("payment")
    return list(left.select_for_update(of=("self",)).order_by("pk"))


def lock_credits_of(payment: Payment) -> None:
    """What a payment left on account, held until the transaction ends."""
    list(Credit.objects.select_for_update(of=("self",)).filter(payment=payment).order_by("pk"))


def lock_card_batch(batch: CardBatch | int) -> CardBatch:
    """The batch, held against sales and voids until it is closed."""
    rows = CardBatch.objects.select_for_update(of=("self",)).select_related("facility")
    return rows.get(pk=getattr(batch, "pk", batch))


def lock_card_batch_of_refunds(batch: CardBatch | int) -> CardBatch:
    """The batch, and before it the refunds in it: who pays a refund holds it before the batch, too."""
    pk = getattr(batch, "pk", batch)
    refunds = Refund.objects.select_for_update(of=("self",)).filter(card_batch=pk).order_by("pk")
    while True:
        begun = transaction.savepoint()
        first = list(refunds.values_list("pk", flat=True))
        locked = lock_card_batch(pk)
        if first == list(refunds.values_list("pk", flat=True)):
            return locked
        # Another refund went into the batch while we waited for it: let go, and take all of them in order.
        transaction.savepoint_rollback(begun)


def lock_chargebacks(returns: Collection[int], wins: Collection[int]) -> None:
    """Held against the bank's word about them, which comes without their payments' keys."""
    for model, ids in ((PaymentReturn, returns), (ChargebackWin, wins)):
        list(model.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))


def share_card_batches(ids: list[int]) -> list[CardBatch]:
    """The batches in id order, held open: many sales share them, a close waits for all."""
    if not ids:
        return []
    sql = "SELECT * FROM cashiering_cardbatch WHERE id = ANY(%s) ORDER BY id FOR SHARE"
    return list(CardBatch.objects.raw(sql, [ids]))


def lock_deposit(deposit: Deposit | int) -> Deposit:
    rows = Deposit.objects.select_for_update(of=("self",)).select_related("facility")
    return rows.get(pk=getattr(deposit, "pk", deposit))


def lock_over_shorts(session: Session) -> list[OverShort]:
    """The differences of the close, one a currency, in the order they were found."""
    rows = OverShort.objects.select_for_update().filter(session=session, kind="CLOSING")
    return list(rows.order_by("id"))


def lock_terminal_request(request: TerminalRequest | int) -> TerminalRequest:
    return TerminalRequest.objects.select_for_update().get(pk=getattr(request, "pk", request))
