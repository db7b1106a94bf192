"""Telling the book and the till what was matched, and taking it back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from cashiering.commands import confirm_bank_receipt, reopen_bank_receipt
from hms_ach import audit, clock, outbox
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import PeriodClosed, Posting, post_entry, reverse_entry
from reconciliation.commands.match import hold_account
from reconciliation.commands.opening import open_again
from reconciliation.commands.sweep_half import refuse_elsewhere
from reconciliation.commands.taken_back import refuse_taken_back, tell_kept_after_all, tell_taken_back
from reconciliation.models import (
    BankAccount,
    ClearingUndo,
    Match,
    MatchItem,
    MatchLine,
    MatchPosting,
    MatchUndo,
    SuspenseClearing,
)
from reconciliation.queries.day_correction import is_in_closed_day
from reconciliation.queries.match import plan_of, unposted_matches
from reconciliation.queries.sweep import other_side
from reconciliation.rules.clearing import GIVE_BACK, SUSPENSE
from reconciliation.rules.plan import Plan
from reconciliation.rules.sweep import AFFILIATE_ROLES

BATCH = 200


class MatchUndone(Refusal):
    code = "match_undone"
    sentence = "Match {match} was undone already. Refresh the page."


class MatchInClosedDay(Refusal):
    code = "match_in_closed_day"
    sentence = (
        "{day} is closed, so match {match} stays unless a second person agrees. "
        "Ask for a correction of the day on the match's page."
    )


class MatchFromSuspense(Refusal):
    code = "match_from_suspense"
    sentence = (
        "Two people cleared an item of suspense by match {match}, so nobody takes it back alone. "
        "Ask on the item's page to undo the clearing."
    )


class SuspenseCleared(Refusal):
    code = "suspense_cleared"
    sentence = (
        "Two people cleared {item}, which match {match} put in suspense. "
        "Ask on the item's page to undo the clearing first."
    )


def post_matches(*, account_id: int, actor: User | None = None) -> int:
    """Post every match of the account that the book does not have yet; how many.

    In transactions of 200 under the account's lock: a match without a MatchPosting is still owed.
    Emits `reconciliation.matched` for each.
    """
    count = 0
    while True:
        with transaction.atomic():
            BankAccount.objects.select_for_update().get(pk=account_id)
            batch = list(unposted_matches(account_id)[:BATCH])
            for match in batch:
                post_match(match, actor=actor)
        count += len(batch)
        if not batch:
            return count


@transaction.atomic
def post_match(match: Match, *, actor: User | None) -> None:
    """Dr bank, Cr clearing, and the adjustments; then the till's items are confirmed.

    On the bank's day, or today where its period is closed: the money is real, the day is not reopened.
    """
    facility, plan = match.account.facility, plan_of(match)
    entry: dict[str, Any] = {
        "key": f"reconciliation.matched:{match.public_id}",
        "facility": facility,
        "source": ("match", match.public_id),
        "memo": f"Bank match {match.public_id}",
        "postings": _postings(match, plan),
        "actor": actor,
    }
    if entry["postings"]:
        try:
            post_entry(effective_on=match.effective_on, **entry)
        except PeriodClosed:
            today = clock.today(facility.timezone)
            post_entry(effective_on=today, belongs_on=match.effective_on, **entry)
    MatchPosting.objects.create(match=match, entry_key=entry["key"], posted_at=clock.now())
    items = _items_of(match)
    for item in items:
        if item.kind != GIVE_BACK:
            confirm_bank_receipt(
                kind=item.kind, public_id=item.source_id, on=match.effective_on, actor=actor or match.made_by
            )
    original = tell_taken_back(match, actor=actor)
    _tell(match, items, original)


def _items_of(match: Match) -> list[Any]:
    return [part.expectation for part in match.items.select_related("expectation").order_by("id")]


def _postings(match: Match, plan: Plan) -> list[Posting]:
    """What is due between facilities names the legal entity of the other one as payer."""
    journal = plan.journal()
    other = other_side(match) if any(row["role"] in AFFILIATE_ROLES for row in journal) else None
    affiliate = other.account.facility.legal_entity.code if other else ""
    return [
        Posting(
            row["role"],
            Money(row["amount_minor"], match.currency),
            reference=row["reference"],
            payer=affiliate if row["role"] in AFFILIATE_ROLES else "",
        )
        for row in journal
    ]


def _tell(match: Match, items: Sequence[Any], original: Match | None) -> None:
    outbox.record(
        "reconciliation.matched",
        subject=match.public_id,
        facility=match.account.facility,
        data={
            "account": match.account.public_id,
            "pass": match.pass_name,
            "score": match.score,
            "reasons": match.reasons,
            **_both_sides(match, items),
            "takes_back": original.public_id if original else None,
        },
    )


def _both_sides(match: Match, items: Sequence[Any]) -> dict[str, list[dict[str, Any]]]:
    lines = [part.line for part in match.lines.select_related("line").order_by("id")]
    return {
        "lines": [
            {
                "bank_reference": line.bank_reference,
                "booked_on": line.booked_on.isoformat(),
                "amount": Money(line.amount_minor, line.currency).as_json(),
            }
            for line in lines
        ],
        "items": [
            {
                "kind": item.kind,
                "id": item.source_id,
                "amount": Money(item.amount_minor, item.currency).as_json(),
            }
            for item in items
        ],
    }


@transaction.atomic
def undo_match(
    *, match_id: int, reason: str, actor: User, is_correction: bool = False, is_clearing: bool = False
) -> MatchUndo:
    """Take a match back: its entry is reversed, the till's items wait again, others stay untouched.

    Of a movement between own accounts both halves are.
    is_correction  two people agreed (DayCorrection), so that no closed day holds it
    is_clearing    two people agreed (ClearingUndo) that suspense was not cleared by it

    Raises MatchUndone, MatchTakenBack, SuspenseCleared, MatchInClosedDay, MatchFromSuspense,
    OtherSideElsewhere, or what the reversal raises. Emits `match.undone` for each half.
    """
    match = Match.objects.select_related("account__facility").get(pk=match_id)
    other = other_side(match)
    halves = [match] if other is None else [match, other]
    _hold(halves)
    if other is not None:
        refuse_elsewhere(other.account.facility, actor)
    for half in halves:
        refuse_undone(half)
        if not is_correction and is_in_closed_day(half):
            raise MatchInClosedDay(day=half.effective_on, match=half.public_id)
    if not (is_correction or is_clearing) and SuspenseClearing.objects.filter(match=match).exists():
        raise MatchFromSuspense(match=match.public_id)
    undos = [_undo(half, reason, actor) for half in halves]
    return undos[0]


def _hold(halves: Sequence[Match]) -> None:
    """Nobody matches, posts or decides on the accounts meanwhile, and no day of their facilities closes."""
    accounts = sorted({half.account_id for half in halves})
    for account_id in accounts:
        hold_account(account_id)
    list(BankAccount.objects.select_for_update().filter(pk__in=accounts).order_by("pk"))
    facilities = [half.account.facility_id for half in halves]
    list(Facility.objects.select_for_update(no_key=True).filter(pk__in=facilities).order_by("pk"))


def refuse_undone(match: Match) -> None:
    """Raises MatchUndone, MatchTakenBack, SuspenseCleared."""
    if MatchUndo.objects.filter(match=match).exists():
        raise MatchUndone(match=match.public_id)
    refuse_taken_back(match)
    _refuse_cleared(match)


def _refuse_cleared(match: Match) -> None:
    """What the match put in suspense must not have found its place since: it would be there twice."""
    if SuspenseClearing.objects.filter(match=match).exists():
        return
    undone = ClearingUndo.objects.filter(clearing=OuterRef("pk"), verdict="APPROVED")
    cleared = SuspenseClearing.objects.filter(
        ~Exists(undone),
        facility=match.account.facility,
        reference__in=match.adjustments.filter(role=SUSPENSE).values("reference"),
        verdict="APPROVED",
        decided_at__gte=match.made_at,
    )
    for clearing in cleared.order_by("id")[:1]:
        raise SuspenseCleared(item=clearing.reference, match=match.public_id)


def _undo(match: Match, reason: str, actor: User) -> MatchUndo:
    facility = match.account.facility
    undo = MatchUndo.objects.create(match=match, reason=reason, undone_by=actor, undone_at=clock.now())
    MatchLine.objects.filter(match=match).update(undo=undo)
    MatchItem.objects.filter(match=match).update(undo=undo)
    posting = MatchPosting.objects.filter(match=match).first()
    if posting is not None:
        _reverse(match, posting, reason, actor)
    open_again(match.pk)
    audit.record("reconciliation.undo_match", actor=actor, subject=match, facility=facility, reason=reason)
    outbox.record(
        "match.undone",
        subject=match.public_id,
        facility=facility,
        data={"account": match.account.public_id, **_both_sides(match, _items_of(match))},
    )
    return undo


def _reverse(match: Match, posting: MatchPosting, reason: str, actor: User) -> None:
    key = f"reconciliation.undone:{match.public_id}"
    reversal: dict[str, Any] = {
        "original": posting.entry_key,
        "key": key,
        "memo": f"Bank match {match.public_id} undone",
        "source": ("match", match.public_id),
        "actor": actor,
    }
    if plan_of(match).journal():
        try:
            reverse_entry(effective_on=match.effective_on, **reversal)
        except PeriodClosed:
            today = clock.today(match.account.facility.timezone)
            reverse_entry(effective_on=today, belongs_on=match.effective_on, **reversal)
    for item in _items_of(match):
        if item.kind == GIVE_BACK:
            continue
        reopen_bank_receipt(kind=item.kind, public_id=item.source_id, actor=actor, reason=reason)
    tell_kept_after_all(match, actor=actor)
