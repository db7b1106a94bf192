"""What a bank may show more or less: proposed by one person, approved by another, ended by any of them."""

from datetime import date

from django.db import IntegrityError, transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.access.queries import roles_of
from hms_ach.money import Money
from hms_ach.proposed import decide
from hms_ach.refusal import Refusal
from reconciliation.models import AccountTolerance, BankAccount
from reconciliation.rules.tolerance import CHARGED, KINDS, MOST_PER_MILLE, TOLERABLE
from reconciliation.rules.write_off import limit_of


class NotTolerable(Refusal):
    code = "not_tolerable"
    status = 422
    sentence = "A {kind} is never tolerated to differ. Only these may: {kinds}."


class ToleranceRoleUnfit(Refusal):
    code = "tolerance_role_unfit"
    status = 422
    sentence = "{role} does not take the difference of a {kind}. Choose one of {roles}."


class ToleranceDirectionUnfit(Refusal):
    code = "tolerance_direction_unfit"
    status = 422
    sentence = "Of {kind} a bank keeps its charges and adds nothing: the account may get less only."


class ToleranceAmountUnfit(Refusal):
    code = "tolerance_amount_unfit"
    status = 422
    sentence = "Give an amount above zero in {currency}."


class ToleranceShareUnfit(Refusal):
    code = "tolerance_share_unfit"
    status = 422
    sentence = "Give a share from 1 to {most} per mille, or none."


class ToleranceDaysUnfit(Refusal):
    code = "tolerance_days_unfit"
    status = 422
    sentence = "It begins on {today} at the earliest, and its last day is not before its first."


class ToleranceWaits(Refusal):
    code = "tolerance_waits"
    sentence = (
        "Another tolerance for a {kind} of {account} waits already. Have it decided or withdrawn first."
    )


class ToleranceInForce(Refusal):
    code = "tolerance_in_force"
    sentence = "A tolerance for a {kind} of {account} is in force on one of these days. End that one first."


class ToleranceAboveLimit(Refusal):
    code = "tolerance_above_limit"
    sentence = "{amount} is more than the {limit} you may write off. Ask somebody with a higher limit."


class ToleranceBySamePerson(Refusal):
    code = "tolerance_by_same_person"
    sentence = "You proposed {tolerance} yourself. Another person must approve it."


class ToleranceDecided(Refusal):
    code = "tolerance_decided"
    sentence = "{tolerance} was decided already. Refresh the page."


class ToleranceNotInForce(Refusal):
    code = "tolerance_not_in_force"
    sentence = "{tolerance} is not approved, or ended already. Refresh the page."


@transaction.atomic
def propose_tolerance(
    *,
    account: BankAccount,
    kind: str,
    direction: str,
    largest: Money,
    per_mille: int | None,
    role: str,
    valid_from: date,
    valid_to: date | None,
    reason: str,
    actor: User,
) -> AccountTolerance:
    """Propose how much a kind of item may differ. Nothing is tolerated until another person approves.

    largest    above zero, in the account's currency; the cap where per_mille is given
    per_mille  of the expected amount, 1 to 50
    valid_to   the last day, inclusive; None for no end

    Raises NotTolerable, ToleranceRoleUnfit, ToleranceDirectionUnfit, ToleranceAmountUnfit,
    ToleranceShareUnfit, ToleranceDaysUnfit, ToleranceWaits.
    """
    _refuse_unfit(account, kind=kind, role=role, direction=direction, largest=largest, per_mille=per_mille)
    today = clock.today(account.facility.timezone)
    if valid_from < today or (valid_to is not None and valid_to < valid_from):
        raise ToleranceDaysUnfit(today=clock.in_words(today))
    row = AccountTolerance(
        account=account,
        kind=kind,
        direction=AccountTolerance.Direction(direction),
        largest_minor=largest.minor,
        per_mille=per_mille,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip()[:500],
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "reconciliation_accounttolerance_one_waiting" not in str(error):
            raise
        raise ToleranceWaits(kind=kind.replace("_", " "), account=account.code) from error
    _record("propose_tolerance", row, actor, reason=row.reason, after=_said(row))
    return row


def _refuse_unfit(
    account: BankAccount, *, kind: str, role: str, direction: str, largest: Money, per_mille: int | None
) -> None:
    if kind not in TOLERABLE:
        words = ", ".join(each.replace("_", " ") for each in TOLERABLE)
        raise NotTolerable(kind=kind.replace("_", " ")[:40] or "kind without a name", kinds=words)
    if role not in TOLERABLE[kind]:
        raise ToleranceRoleUnfit(
            role=role[:40], kind=kind.replace("_", " "), roles=", ".join(TOLERABLE[kind])
        )
    if kind in CHARGED and direction != AccountTolerance.Direction.LESS:
        raise ToleranceDirectionUnfit(kind=KINDS[kind][0].lower() + KINDS[kind][1:])
    if largest.currency != account.currency or largest.minor <= 0:
        raise ToleranceAmountUnfit(currency=account.currency)
    if per_mille is not None and not 1 <= per_mille <= MOST_PER_MILLE:
        raise ToleranceShareUnfit(most=MOST_PER_MILLE)


@transaction.atomic
def approve_tolerance(*, tolerance_id: int, actor: User) -> AccountTolerance:
    """Another person agrees: runs from its first day on use it, from now on at the earliest.

    Nobody approves that more is tolerated than they themselves may write off.

    Raises ToleranceDecided, ToleranceBySamePerson, ToleranceAboveLimit, ToleranceInForce.
    """
    row = _undecided(tolerance_id)
    if row.proposed_by_id == actor.pk:
        raise ToleranceBySamePerson(tolerance=row.public_id)
    currency = row.account.currency
    limit = limit_of(roles_of(actor), currency)
    if row.largest_minor > limit.minor:
        raise ToleranceAboveLimit(amount=Money(row.largest_minor, currency), limit=limit)
    try:
        with transaction.atomic():
            decide(row, "APPROVED", actor)
    except IntegrityError as error:
        if "in force on one of its days" not in str(error):
            raise
        raise ToleranceInForce(kind=row.kind.replace("_", " "), account=row.account.code) from error
    _record("approve_tolerance", row, actor, after=_said(row))
    return row


@transaction.atomic
def send_back_tolerance(*, tolerance_id: int, reason: str, actor: User) -> AccountTolerance:
    """Another person disagrees, with a reason. Raises ToleranceDecided, ToleranceBySamePerson."""
    row = _undecided(tolerance_id)
    if row.proposed_by_id == actor.pk:
        raise ToleranceBySamePerson(tolerance=row.public_id)
    decide(row, "REJECTED", actor, verdict_reason=reason.strip()[:500])
    _record("send_back_tolerance", row, actor, reason=row.verdict_reason)
    return row


@transaction.atomic
def withdraw_tolerance(*, tolerance_id: int, actor: User) -> AccountTolerance:
    """Whoever proposed takes it back before anyone decided. Raises ToleranceDecided."""
    row = _undecided(tolerance_id)
    if row.proposed_by_id != actor.pk:
        raise ToleranceDecided(tolerance=row.public_id)
    decide(row, "WITHDRAWN", actor)
    _record("withdraw_tolerance", row, actor)
    return row


@transaction.atomic
def end_tolerance(*, tolerance_id: int, reason: str, actor: User) -> AccountTolerance:
    """From today on nothing is tolerated by it; matches that it made stay. One person is enough: what is
    not tolerated goes to people. Raises ToleranceNotInForce."""
    row = _locked(tolerance_id)
    if row.verdict != "APPROVED" or row.ended_on is not None:
        raise ToleranceNotInForce(tolerance=row.public_id)
    row.ended_on = clock.today(row.account.facility.timezone)
    row.end_reason, row.ended_by, row.ended_at = reason.strip()[:500], actor, clock.now()
    row.save(update_fields=["ended_on", "end_reason", "ended_by", "ended_at"])
    _record("end_tolerance", row, actor, reason=row.end_reason)
    return row


def _locked(tolerance_id: int) -> AccountTolerance:
    rows = AccountTolerance.objects.select_for_update(of=("self",)).select_related("account__facility")
    return rows.get(pk=tolerance_id)


def _undecided(tolerance_id: int) -> AccountTolerance:
    row = _locked(tolerance_id)
    if row.verdict is not None:
        raise ToleranceDecided(tolerance=row.public_id)
    return row


def _said(row: AccountTolerance) -> dict:
    return {
        "account": row.account.code,
        "kind": row.kind,
        "direction": row.direction,
        "largest": Money(row.largest_minor, row.account.currency).as_json(),
        "per_mille": row.per_mille,
        "role": row.role,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
    }


def _record(action: str, row: AccountTolerance, actor: User, **said) -> None:
    facility = row.account.facility
    audit.record(f"reconciliation.{action}", actor=actor, subject=row, facility=facility, **said)
