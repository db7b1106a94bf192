"""A transfer between banks is set off against what one entity owes another: asked for, then approved."""

from datetime import date

from django.db import IntegrityError, transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.proposed import decide, decline
from hms_ach.refusal import Refusal
from ledger.commands.affiliate import refuse_settlement, settle_affiliate
from ledger.commands.journal import refuse_above_limit
from ledger.commands.journal_refusal import refuse_day
from ledger.models import AffiliateSettlement, Period


class SettlementWaits(Refusal):
    code = "settlement_waits"
    sentence = "Somebody asked to set these two items off already. Have that decided or withdrawn first."


class SettlementDecided(Refusal):
    code = "settlement_decided"
    sentence = "This settlement was decided already. Refresh the page."


class SettlementBySamePerson(Refusal):
    code = "settlement_by_same_person"
    status = 403
    sentence = "You asked for this settlement yourself. Another person must approve it."


@transaction.atomic
def propose_affiliate_settlement(
    *,
    debtor: Facility,
    creditor: Facility,
    amount: Money,
    reference: str,
    transfer: str,
    effective_on: date,
    memo: str,
    actor: User,
) -> AffiliateSettlement:
    """Ask that an item between two entities be set off against a transfer; see settle_affiliate.

    Nothing is posted until another person approves. Raises SettlementWaits, AffiliateSame,
    AffiliateAmountUnfit, AffiliateItemTooSmall, and PeriodClosed when a book takes no entry that day.
    """
    for place in (debtor, creditor):
        refuse_day(place, effective_on, takes=(Period.State.OPEN,))
    refuse_settlement(amount, reference, transfer, debtor=debtor, creditor=creditor)
    try:
        with transaction.atomic():
            asked = AffiliateSettlement.objects.create(
                debtor=debtor,
                creditor=creditor,
                reference=reference,
                transfer=transfer,
                amount_minor=amount.minor,
                currency=amount.currency,
                effective_on=effective_on,
                memo=memo.strip(),
                proposed_by=actor,
                proposed_at=clock.now(),
            )
    except IntegrityError as error:
        if "ledger_affiliatesettlement_one_waiting" not in str(error):
            raise
        raise SettlementWaits() from error
    _record("propose_affiliate_settlement", asked, actor)
    return asked


@transaction.atomic
def approve_affiliate_settlement(*, settlement_id: int, actor: User) -> AffiliateSettlement:
    """Post in both books what somebody else asked for, within the approver's limit of journals.

    Raises SettlementDecided, SettlementBySamePerson, JournalAboveLimit, and what settle_affiliate raises.
    """
    asked = _undecided(settlement_id)
    if asked.proposed_by_id == actor.pk:
        raise SettlementBySamePerson()
    paid, received = settle_affiliate(
        key=f"ledger.affiliate_settlement:{asked.public_id}",
        debtor=asked.debtor,
        creditor=asked.creditor,
        amount=Money(asked.amount_minor, asked.currency),
        reference=asked.reference,
        transfer=asked.transfer,
        source=("affiliate", asked.public_id),
        effective_on=asked.effective_on,
        memo=asked.memo,
        actor=actor,
    )
    refuse_above_limit(paid, asked.debtor, actor)
    refuse_above_limit(received, asked.creditor, actor)
    decide(asked, "APPROVED", actor)
    _record("approve_affiliate_settlement", asked, actor)
    return asked


@transaction.atomic
def refuse_affiliate_settlement(*, settlement_id: int, actor: User) -> AffiliateSettlement:
    """Both items stay: whoever asked withdraws, anybody else sends it back. Raises SettlementDecided."""
    asked = _undecided(settlement_id)
    decline(asked, actor)
    _record("refuse_affiliate_settlement", asked, actor)
    return asked


def _undecided(settlement_id: int) -> AffiliateSettlement:
    rows = AffiliateSettlement.objects.select_for_update(of=("self",))
    asked = rows.select_related("debtor__legal_entity", "creditor__legal_entity").get(pk=settlement_id)
    if asked.verdict is not None:
        raise SettlementDecided()
    return asked


def _record(action: str, asked: AffiliateSettlement, actor: User) -> None:
    after = {"amount": Money(asked.amount_minor, asked.currency).in_words()}
    for facility in (asked.debtor, asked.creditor):
        audit.record(
            f"ledger.{action}", actor=actor, subject=asked, facility=facility, reason=asked.memo, after=after
        )
