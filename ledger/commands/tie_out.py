"""Sub-ledgers beside the book: taken by one person, signed by another, kept with the period."""

from datetime import date

from django.db import transaction
from django.db.models import Sum

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands.close import open_for_steps
from ledger.models import Period, Posting, TieOut, TieOutSignature
from ledger.queries.close import closing_round, tie_outs
from ledger.rules.sub_ledger import REGISTERED, SubLedger


class TieOutNotByTaker(Refusal):
    code = "tie_out_not_by_taker"
    status = 403
    sentence = "You took this tie-out, so another person must sign it."


class TieOutUnexplained(Refusal):
    code = "tie_out_unexplained"
    status = 422
    sentence = "It differs by {difference}. Say why before you sign, or correct it and take it again."


class TieOutSigned(Refusal):
    code = "tie_out_signed"
    sentence = "This tie-out is signed already. Take it again to sign a newer one."


class TieOutOutdated(Refusal):
    code = "tie_out_outdated"
    sentence = "{period} was reopened since this was taken. Take the tie-outs again and sign those."


@transaction.atomic
def take_tie_outs(*, period_id: int, today: date, actor: User) -> list[TieOut]:
    """Put every registered sub-ledger beside the book, role by role and currency by currency.

    A closed period keeps what was taken; raises CloseOver.

    A dated sub-ledger is compared as of the period's last day (or today, before it), another one with
    everything posted so far. What was taken before stays; the latest counts.
    """
    period = open_for_steps(period_id)
    taken: list[TieOut] = []
    for sub_ledger in REGISTERED.values():
        taken += _taken(sub_ledger, period, today, actor)
    audit.record("ledger.take_tie_outs", actor=actor, subject=period, after={"rows": len(taken)})
    return taken


def _taken(sub_ledger: SubLedger, period: Period, today: date, actor: User) -> list[TieOut]:
    as_of = min(period.ends_on, today) if sub_ledger.is_dated else today
    documents: dict[tuple[str, str], int] = {}
    for figure in sub_ledger.figures(period.legal_entity, as_of):
        key = (figure.role, figure.amount.currency)
        documents[key] = documents.get(key, 0) + figure.amount.minor
    booked = _booked(sub_ledger, period, as_of)
    round_ = closing_round(period)
    return [
        TieOut.objects.create(
            period=period,
            round=round_,
            sub_ledger=sub_ledger.code,
            role=role,
            currency=currency,
            as_of=as_of,
            sub_ledger_minor=documents.get((role, currency), 0),
            ledger_minor=booked.get((role, currency), 0),
            taken_by=actor,
            taken_at=clock.now(),
        )
        for role, currency in sorted({*documents, *booked, *_at_least(sub_ledger, period)})
    ]


def _at_least(sub_ledger: SubLedger, period: Period) -> set[tuple[str, str]]:
    """Every role is shown in the functional currency, also when it is zero on both sides."""
    return {(role, period.legal_entity.functional_currency) for role in sub_ledger.roles}


def _booked(sub_ledger: SubLedger, period: Period, as_of: date) -> dict[tuple[str, str], int]:
    rows = Posting.objects.filter(legal_entity=period.legal_entity, role__in=sub_ledger.roles)
    if sub_ledger.is_dated:
        rows = rows.filter(effective_on__lte=as_of)
    sums = rows.values("role", "currency").annotate(sum=Sum("amount_minor")).order_by()
    return {(row["role"], row["currency"]): int(row["sum"]) for row in sums}


@transaction.atomic
def sign_tie_out(*, tie_out_id: int, explanation: str = "", actor: User) -> TieOutSignature:
    """Answer for what somebody else took.

    Raises TieOutNotByTaker, TieOutUnexplained, TieOutSigned, TieOutOutdated, CloseOver.
    """
    tie_out = TieOut.objects.get(pk=tie_out_id)
    # What is only ever added is not locked itself: two who sign at once wait for each other here.
    period = open_for_steps(tie_out.period_id)
    if tie_out.round != closing_round(period):
        raise TieOutOutdated(period=period)
    if tie_out.taken_by_id == actor.pk:
        raise TieOutNotByTaker()
    if TieOutSignature.objects.filter(tie_out=tie_out).exists():
        raise TieOutSigned()
    if tie_out.difference_minor and not explanation.strip():
        difference = Money(tie_out.difference_minor, tie_out.currency)
        raise TieOutUnexplained(difference=f"{difference} {tie_out.currency}")
    signature = TieOutSignature.objects.create(
        tie_out=tie_out, signed_by=actor, signed_at=clock.now(), explanation=explanation.strip()
    )
    audit.record("ledger.sign_tie_out", actor=actor, subject=tie_out, reason=explanation)
    return signature


@transaction.atomic
def sign_agreeing(*, period_id: int, actor: User) -> list[TieOutSignature]:
    """Answer for every figure without a difference that somebody else took last. Raises CloseOver."""
    period = open_for_steps(period_id)
    return [
        sign_tie_out(tie_out_id=row.pk, actor=actor)
        for row in tie_outs(period)
        if not row.difference_minor and row.taken_by_id != actor.pk and not hasattr(row, "signature")
    ]
