"""Taking cash and cheques to the bank: one person prepares, another verifies, a courier carries."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Sum

from cashiering.commands.cash_book import write_pages_of
from cashiering.commands.locks import lock_deposit, lock_session
from cashiering.models import Deposit, DepositPart, Session, Tender
from cashiering.queries.deposit import SAFE_HAS_IT
from cashiering.queries.expected_cash import cash_to_bank
from hms_ach import audit, calendars, clock, outbox
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry


class DepositOutOfBalance(Refusal):
    code = "deposit_out_of_balance"
    status = 422
    sentence = (
        "The {what} counted is {declared} and the sessions give {computed}: out of balance by {difference}. "
        "Count again; a deposit is saved only at zero."
    )


class SessionNotDepositable(Refusal):
    code = "session_not_depositable"
    sentence = "Session {number} is {state}; only approved sessions of this facility go to the bank, once."


class ChequeNotDepositable(Refusal):
    code = "cheque_not_depositable"
    sentence = "Cheque {cheque} is not here: it is voided, not ticked, or deposited already."


class DepositIncomplete(Refusal):
    code = "deposit_incomplete"
    status = 422
    sentence = "{problem}."


class DepositNumberTaken(Refusal):
    code = "deposit_number_taken"
    sentence = "Bag {bag} or slip {slip} is used already. Copy both numbers again."


class DepositVerifierPrepared(Refusal):
    code = "deposit_verifier_prepared"
    status = 403
    sentence = "You prepared bag {bag}; another person must verify it."


class DepositStateWrong(Refusal):
    code = "deposit_state_wrong"
    sentence = "Bag {bag} is {state}; this step is not next."


@transaction.atomic
def prepare_deposit(
    *,
    facility: Facility,
    sessions: Sequence[int],
    cheques: Sequence[int],
    declared_cash: Money,
    declared_cheques: Money | None = None,
    bag_number: str,
    slip_number: str,
    actor: User,
) -> Deposit:
    """Seal the cash of approved sessions and the ticked cheques in one bag.

    sessions  ids; each gives what it took in cash, its float stays in the safe; one that gave back more than
              it took, out of what the safe brought, lowers the bag by that
    cheques   ids of cheque tenders; a bag of foreign cash has none
    declared  what the preparer counted, which must equal what the sessions and cheques give; the currency of
              the cash is the bag's

    Raises DepositIncomplete, SessionNotDepositable, ChequeNotDepositable, DepositNumberTaken or
    DepositOutOfBalance.
    """
    if not bag_number.strip() or not slip_number.strip():
        raise DepositIncomplete(problem="Write down the numbers of the bag and of the slip")
    currency = declared_cash.currency
    locked = _locked_sessions(facility, sessions, currency)
    parts = [(session, cash_to_bank(session, currency)) for session in locked]
    if currency != facility.currency and cheques:
        raise DepositIncomplete(
            problem=f"A bag of {currency} holds no cheques; send them in a bag of their own"
        )
    tenders = _cheques_here(facility, cheques)
    cash = sum(amount.minor for _session, amount in parts)
    paper = sum(tender.amount_minor for tender in tenders)
    if cash < 0:
        lacking = Money(-cash, currency).in_words()
        raise DepositIncomplete(
            problem=f"The safe lent these sessions {lacking} more than it got back. Choose more sessions"
        )
    _refuse_out_of_balance("cash", declared_cash, Money(cash, currency))
    _refuse_out_of_balance("cheque total", declared_cheques or Money.zero(currency), Money(paper, currency))
    if not cash and not paper:
        raise DepositIncomplete(problem="There is nothing to deposit in what was chosen")
    deposit = Deposit(
        facility=facility,
        business_on=clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff),
        bag_number=bag_number.strip(),
        slip_number=slip_number.strip(),
        currency=currency,
        cash_minor=cash,
        cheques_minor=paper,
        prepared_by=actor,
        prepared_at=clock.now(),
    )
    _save_new(deposit)
    DepositPart.objects.bulk_create(
        DepositPart(deposit=deposit, session=session, cash_minor=amount.minor) for session, amount in parts
    )
    Tender.objects.filter(id__in=[tender.pk for tender in tenders]).update(deposit=deposit)
    _note("prepare_deposit", deposit, actor)
    return deposit


def _save_new(deposit: Deposit) -> None:
    """Two people may copy the same numbers at once: the database decides. Raises DepositNumberTaken."""
    try:
        with transaction.atomic():
            deposit.save()
    except IntegrityError as error:
        if not any(name in str(error) for name in ("cashiering_deposit_bag", "cashiering_deposit_slip")):
            raise
        raise DepositNumberTaken(bag=deposit.bag_number, slip=deposit.slip_number) from None


def _locked_sessions(facility: Facility, ids: Sequence[int], currency: str) -> list[Session]:
    """Foreign cash may follow in a later bag than the drawer's own."""
    here = Session.objects.filter(facility=facility, pk__in=ids).values_list("pk", flat=True)
    if elsewhere := set(ids) - set(here):
        raise SessionNotDepositable(number=min(elsewhere), state="not one of this facility")
    sessions = [lock_session(pk) for pk in sorted(set(ids))]
    parts = DepositPart.objects.filter(
        session_id__in=ids, deposit__state__in=Deposit.LIVE, deposit__currency=currency
    )
    fit = [Session.State.APPROVED] if currency == facility.currency else SAFE_HAS_IT
    taken = set(parts.values_list("session_id", flat=True))
    for session in sessions:
        if session.state not in fit or session.pk in taken:
            raise SessionNotDepositable(number=session.number, state=session.get_state_display().lower())
    return sessions


def _cheques_here(facility: Facility, ids: Sequence[int]) -> list[Tender]:
    here = (
        Tender.objects.select_for_update(of=("self",))
        .filter(
            id__in=ids,
            kind="CHEQUE",
            deposit__isnull=True,
            ticked_at__isnull=False,
            payment__void__isnull=True,
            payment__facility=facility,
        )
        .exclude(returns__state__in=["REPORTED", "CONFIRMED"])
    )
    here = here.filter(
        payment__session__state__in=["APPROVED", "DEPOSITED", "BANK_CONFIRMED"],
    )
    found = {tender.pk: tender for tender in here.order_by("id")}
    for pk in ids:
        if pk not in found:
            raise ChequeNotDepositable(cheque=pk)
    return list(found.values())


def _refuse_out_of_balance(what: str, declared: Money, computed: Money) -> None:
    if declared != computed:
        raise DepositOutOfBalance(
            what=what, declared=declared, computed=computed, difference=declared - computed
        )


@transaction.atomic
def cancel_deposit(*, deposit: Deposit | int, reason: str, actor: User) -> Deposit:
    """Open a bag again that does not hold what its slip says: its cash and cheques wait for another bag.

    Its number and slip stay used. Raises DepositStateWrong once it left, DepositIncomplete without a
    reason, or DepositVerifierPrepared for the person who sealed it. Emits `deposit.moved`, as every hop does.
    """
    deposit = lock_deposit(deposit)
    if deposit.state not in (Deposit.State.PREPARED, Deposit.State.VERIFIED):
        raise DepositStateWrong(bag=deposit.bag_number, state=deposit.get_state_display().lower())
    if not reason.strip():
        raise DepositIncomplete(problem="Say what is wrong with the bag")
    if deposit.prepared_by_id == actor.pk:
        raise DepositVerifierPrepared(bag=deposit.bag_number)
    deposit.state = Deposit.State.CANCELLED
    deposit.cancelled_by, deposit.cancelled_at, deposit.cancel_reason = actor, clock.now(), reason.strip()
    deposit.save(update_fields=["state", "cancelled_by", "cancelled_at", "cancel_reason"])
    deposit.cheques.update(deposit=None)
    _note("cancel_deposit", deposit, actor)
    return deposit


@transaction.atomic
def verify_deposit(*, deposit: Deposit | int, actor: User) -> Deposit:
    """A second person counted the bag and agrees. Raises DepositStateWrong or DepositVerifierPrepared."""
    deposit = _in_state(deposit, Deposit.State.PREPARED)
    if deposit.prepared_by_id == actor.pk:
        raise DepositVerifierPrepared(bag=deposit.bag_number)
    deposit.state = Deposit.State.VERIFIED
    deposit.verified_by = actor
    deposit.verified_at = clock.now()
    deposit.save(update_fields=["state", "verified_by", "verified_at"])
    _note("verify_deposit", deposit, actor)
    return deposit


@transaction.atomic
def hand_over_deposit(*, deposit: Deposit | int, courier: str, actor: User) -> Deposit:
    """The courier takes the bag: from now on its money is in transit to the bank.

    The cash book's pages of the days whose money it is are written now, where all of their drawers are
    approved. Raises DepositStateWrong or DepositIncomplete. The bank is expected to have it the next banking
    day.
    """
    deposit = _in_state(deposit, Deposit.State.VERIFIED)
    if not courier.strip():
        raise DepositIncomplete(problem="Write down who takes the bag")
    facility = deposit.facility
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    deposit.state = Deposit.State.IN_TRANSIT
    deposit.courier = courier.strip()
    deposit.handed_over_by = actor
    deposit.handed_over_at = clock.now()
    deposit.expected_on = calendars.add_banking_days(today, 1)
    deposit.save(update_fields=["state", "courier", "handed_over_by", "handed_over_at", "expected_on"])
    own = Session.objects.filter(deposit_parts__deposit=deposit, state="APPROVED", currency=deposit.currency)
    own.update(state="DEPOSITED")
    post_entry(
        key=f"cashiering.deposit:{deposit.public_id}",
        facility=facility,
        effective_on=today,
        source=("deposit", deposit.public_id),
        memo=f"Bag {deposit.bag_number}, slip {deposit.slip_number}",
        postings=_postings(deposit),
        actor=actor,
    )
    write_pages_of(deposit, actor=actor)
    _note("hand_over_deposit", deposit, actor)
    return deposit


def _postings(deposit: Deposit) -> list[Posting]:
    amount = Money(deposit.cash_minor + deposit.cheques_minor, deposit.currency)
    postings = [Posting("deposit.in_transit", amount, reference=deposit.public_id)]
    if deposit.cash_minor:
        cash = Money(-deposit.cash_minor, deposit.currency)
        postings.append(Posting("cash.safe", cash, tender="CASH"))
    by_session = deposit.cheques.values("payment__session__public_id").annotate(sum=Sum("amount_minor"))
    for row in by_session.order_by("payment__session__public_id"):
        paper = Money(-row["sum"], deposit.currency)
        session = row["payment__session__public_id"]
        postings.append(Posting("cheque.drawer", paper, reference=session, tender="CHEQUE"))
    return postings


def _in_state(deposit: Deposit | int, state: str) -> Deposit:
    deposit = lock_deposit(deposit)
    if deposit.state != state:
        raise DepositStateWrong(bag=deposit.bag_number, state=deposit.get_state_display().lower())
    return deposit


def _note(action: str, deposit: Deposit, actor: User) -> None:
    audit.record(
        f"cashiering.{action}",
        actor=actor,
        subject=deposit,
        facility=deposit.facility,
        after={"bag": deposit.bag_number, "cash": deposit.cash_minor, "cheques": deposit.cheques_minor},
        reason=deposit.cancel_reason,
    )
    outbox.record("deposit.moved", subject=deposit.public_id, facility=deposit.facility, data=told(deposit))


def told(deposit: Deposit) -> dict:
    """What events of a deposit say."""
    return {
        "state": deposit.state.lower(),
        "bag_number": deposit.bag_number,
        "slip_number": deposit.slip_number,
        "business_on": deposit.business_on.isoformat(),
        "cash": Money(deposit.cash_minor, deposit.currency).as_json(),
        "cheques": Money(deposit.cheques_minor, deposit.currency).as_json(),
        "expected_on": deposit.expected_on.isoformat() if deposit.expected_on else None,
    }
