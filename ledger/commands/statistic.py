"""Counting work: what is counted, and how much of it there was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.refusal import Refusal
from ledger.models import Period, StatisticAccount, StatisticEntry


class StatisticUnfit(Refusal):
    code = "statistic_unfit"
    status = 422
    sentence = "Nothing was recorded: {problem}"


class StatisticKeyReused(Refusal):
    code = "statistic_key_reused"
    sentence = "The key {key} stands for another quantity already. Send a new key, or what was sent before."


class StatisticReversed(Refusal):
    code = "statistic_reversed"
    sentence = "This quantity was taken back already, or takes another back. Nothing was changed."


class StatisticReversalWithoutReason(Refusal):
    code = "statistic_reversal_without_reason"
    status = 422
    sentence = "Taking a quantity back needs a reason. Say what was wrong with it."


@dataclass(frozen=True, slots=True)
class Counted:
    """So much of an account's unit at a facility on a day; key makes it count once. memo is optional."""

    account: str
    facility: Facility
    on: date
    quantity: Decimal
    key: str
    memo: str = ""


@transaction.atomic
def define_statistic(
    *, legal_entity: LegalEntity, code: str, name: str, unit: str, decimals: int, actor: User
) -> StatisticAccount:
    """Begin to count something. Raises StatisticUnfit for a code in use or more than four decimals."""
    if StatisticAccount.objects.filter(legal_entity=legal_entity, code=code).exists():
        raise StatisticUnfit(problem=f"{code} is counted already. Choose another code.")
    if not 0 <= decimals <= 4 or not code.strip() or not name.strip() or not unit.strip():
        raise StatisticUnfit(problem="it needs a code, a name, a unit, and 0 to 4 decimals.")
    account = StatisticAccount.objects.create(
        legal_entity=legal_entity,
        code=code,
        name=name,
        unit=unit,
        decimals=decimals,
        defined_by=actor,
        defined_at=clock.now(),
    )
    audit.record("ledger.define_statistic", actor=actor, subject=legal_entity, after={"code": code})
    return account


@transaction.atomic
def record_statistics(*, counted: Sequence[Counted], source: str, actor: User) -> list[StatisticEntry]:
    """Record quantities, all of them or none; what is known by its key is answered as it stands.

    source  who counted, such as the admission system

    Raises StatisticUnfit (unknown account, wrong decimals, zero, a closed period), StatisticKeyReused.
    """
    # Two who send one key at once meet at the entity, so that the second is answered what the first made.
    entities = sorted({each.facility.legal_entity_id for each in counted})
    list(LegalEntity.objects.select_for_update(no_key=True).filter(pk__in=entities).order_by("pk"))
    made = [_recorded(each, source, actor) for each in counted]
    audit.record(
        "ledger.record_statistics",
        actor=actor,
        subject=made[0].account.legal_entity,
        after={"count": len(made)},
    )
    return made


@transaction.atomic
def reverse_statistic(*, entry_id: int, reason: str, actor: User) -> StatisticEntry:
    """Take a quantity back by its mirror, on the same day.

    Raises StatisticReversed, StatisticUnfit, StatisticReversalWithoutReason.
    """
    if not reason.strip():
        raise StatisticReversalWithoutReason()
    entry = StatisticEntry.objects.select_related("account", "facility").get(pk=entry_id)
    # Nothing of an entry may be locked, for nothing of it may change: two who reverse meet at the entity.
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entry.account.legal_entity_id)
    if entry.reverses_id or StatisticEntry.objects.filter(reverses=entry).exists():
        raise StatisticReversed()
    _refuse_closed(entry.facility, entry.on)
    mirror = StatisticEntry.objects.create(
        account=entry.account,
        facility=entry.facility,
        on=entry.on,
        quantity=-entry.quantity,
        key=f"reversal:{entry.public_id}",
        source=entry.source,
        memo=reason,
        reverses=entry,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    audit.record("ledger.reverse_statistic", actor=actor, subject=entry, reason=reason)
    return mirror


def _recorded(asked: Counted, source: str, actor: User) -> StatisticEntry:
    account = StatisticAccount.objects.filter(
        legal_entity_id=asked.facility.legal_entity_id, code=asked.account
    ).first()
    if account is None:
        raise StatisticUnfit(problem=f"{asked.account} is not counted in this legal entity. Define it first.")
    known = StatisticEntry.objects.filter(key=asked.key).select_related("account__legal_entity").first()
    if known:
        same = (account.pk, asked.facility.pk, asked.on, asked.quantity)
        if (known.account_id, known.facility_id, known.on, known.quantity) != same:
            raise StatisticKeyReused(key=asked.key)
        return known
    if not asked.quantity or asked.quantity != round(asked.quantity, account.decimals):
        wanted = f"quantities of {account.code} are not zero and have {account.decimals} decimals"
        raise StatisticUnfit(problem=f"{asked.quantity} does not fit: {wanted}.")
    _refuse_closed(asked.facility, asked.on)
    return StatisticEntry.objects.create(
        account=account,
        facility=asked.facility,
        on=asked.on,
        quantity=asked.quantity,
        key=asked.key,
        source=source,
        memo=asked.memo,
        recorded_by=actor,
        recorded_at=clock.now(),
    )


def _refuse_closed(facility: Facility, on: date) -> None:
    closed = Period.objects.filter(
        legal_entity_id=facility.legal_entity_id, starts_on__lte=on, ends_on__gte=on, state=Period.State.HARD
    )
    if closed.exists():
        raise StatisticUnfit(problem=f"the period of {clock.in_words(on)} is closed. Reopen it first.")
