"""Sub-ledgers beside the book: taken by one person, signed by another, kept with the period."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands.close import open_for_steps
from ledger.models import Period, TieOut, TieOutSignature
from ledger.queries.period import closing_round
from ledger.queries.tie_out import documents_of, is_to_sign, moved_since, posted_by_role, tie_outs
from ledger.rules.sub_ledger import REGISTERED, Key, OpenDocument, SubLedger, sums_of

_KEEP = """
    INSERT INTO ledger_tieoutdocument (tie_out_id, reference, facility_id, amount_minor)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[])
"""


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


class TieOutMoved(Refusal):
    code = "tie_out_moved"
    sentence = "This no longer says how things are: {why}. Take the tie-outs again and sign those."


@transaction.atomic
def take_tie_outs(*, period_id: int, today: date, actor: User) -> list[TieOut]:
    """Put every registered sub-ledger beside the book, role by role and currency by currency.

    A closed period keeps what was taken; raises CloseOver.

    A dated sub-ledger is compared as of the period's last day (or today, before it), another one with
    everything posted so far. The documents behind each figure are kept with it. What was taken before
    stays; the latest counts.
    """
    period = open_for_steps(period_id)
    taken: list[TieOut] = []
    for sub_ledger in REGISTERED.values():
        taken += _taken(sub_ledger, period, today, actor)
    audit.record("ledger.take_tie_outs", actor=actor, subject=period, after={"rows": len(taken)})
    return taken


def _taken(sub_ledger: SubLedger, period: Period, today: date, actor: User) -> list[TieOut]:
    entity, at_end = period.legal_entity, posted_by_role(period.legal_entity, until=period.ends_on)
    as_of = min(period.ends_on, today) if sub_ledger.is_dated else today
    documents = documents_of(sub_ledger, entity, as_of)
    sums = sums_of(documents)
    booked = posted_by_role(entity, until=as_of if sub_ledger.is_dated else None)
    round_ = closing_round(period)
    # Every role is shown in the functional currency, also when it is zero on both sides.
    keys = {(role, entity.functional_currency) for role in sub_ledger.roles} | set(sums)
    keys |= {key for key in booked.keys() | at_end.keys() if key[0] in sub_ledger.roles}
    taken = [
        TieOut.objects.create(
            period=period,
            round=round_,
            sub_ledger=sub_ledger.code,
            role=key[0],
            currency=key[1],
            as_of=as_of,
            sub_ledger_minor=sums.get(key, 0),
            ledger_minor=booked[key].amount_minor if key in booked else 0,
            n_postings=at_end[key].n_postings if key in at_end else 0,
            taken_by=actor,
            taken_at=clock.now(),
        )
        for key in sorted(keys)
    ]
    _keep_documents(taken, documents)
    return taken


def _keep_documents(taken: Sequence[TieOut], documents: dict[Key, list[OpenDocument]]) -> None:
    """In one statement, so that the database sees that they add up to each figure (0028)."""
    rows = [
        (row.pk, each.reference, each.facility_id, each.amount.minor)
        for row in taken
        for each in documents.get((row.role, row.currency), [])
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [list(column) for column in zip(*rows, strict=True)])


@transaction.atomic
def sign_tie_out(*, tie_out_id: int, explanation: str = "", actor: User) -> TieOutSignature:
    """Answer for what somebody else took.

    Raises TieOutNotByTaker, TieOutUnexplained, TieOutSigned, TieOutOutdated, TieOutMoved, CloseOver.
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
    if why := moved_since(period, [tie_out]).get(tie_out.pk):
        raise TieOutMoved(why=why)
    if tie_out.difference_minor and not explanation.strip():
        difference = Money(tie_out.difference_minor, tie_out.currency)
        raise TieOutUnexplained(difference=difference)
    return _sign(tie_out, explanation.strip(), actor)


def _sign(tie_out: TieOut, explanation: str, actor: User) -> TieOutSignature:
    signature = TieOutSignature.objects.create(
        tie_out=tie_out, signed_by=actor, signed_at=clock.now(), explanation=explanation
    )
    audit.record("ledger.sign_tie_out", actor=actor, subject=tie_out, reason=explanation)
    return signature


@transaction.atomic
def sign_agreeing(*, period_id: int, actor: User) -> list[TieOutSignature]:
    """Answer for every figure without a difference that somebody else took last and that still stands.

    Raises CloseOver.
    """
    period = open_for_steps(period_id)
    taken = tie_outs(period)
    moved = moved_since(period, taken)
    return [_sign(row, "", actor) for row in taken if is_to_sign(row, actor, moved)]
