"""Matches that take an earlier one back, and telling the till."""

from typing import Any

from cashiering.commands import restore_bank_receipt, take_back_bank_receipt
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from reconciliation.commands.approved_match import PlanOutdated
from reconciliation.models import Discrepancy, Match, Proposal, TakenBack
from reconciliation.queries.original import original_of
from reconciliation.rules.clearing import GIVE_BACK


class MatchTakenBack(Refusal):
    code = "match_taken_back"
    sentence = "The bank took match {match} back later, by match {by}. Undo that one first."


def original_id(found: Discrepancy, action: str) -> dict[str, Any]:
    """What a proposal remembers besides its plan: the match that it would take back."""
    if action != Proposal.Action.RETURN or found.line is None:
        return {}
    original = original_of(found.line)
    return {"original": original.match.pk if original else None}


def still_to_take_back(found: Discrepancy, proposal: Proposal) -> Match:
    """The match as proposed. Raises PlanOutdated when it was undone, or another fits as well by now."""
    original = original_of(found.line) if found.line is not None else None
    if original is None or original.match.pk != proposal.plan["original"]:
        raise PlanOutdated()
    return original.match


def keep_taken_back(match: Match, original: Match | None) -> None:
    assert original is not None
    TakenBack.objects.create(match=match, original=original)


def refuse_taken_back(match: Match) -> None:
    """Raises MatchTakenBack for one that a later match takes back."""
    later = TakenBack.objects.filter(original=match, match__undo=None).select_related("match").first()
    if later is not None:
        raise MatchTakenBack(match=match.public_id, by=later.match.public_id)


def tell_taken_back(match: Match, *, actor: User | None) -> Match | None:
    """The till hears of each thing that the bank took back by this match; the match that it takes back."""
    taken = _taken(match)
    for item in _items(taken):
        take_back_bank_receipt(
            kind=item.kind, public_id=item.source_id, actor=actor, reason="The bank took it back"
        )
    return taken.original if taken else None


def tell_kept_after_all(match: Match, *, actor: User) -> None:
    """The same when the match is undone: what was taken back is confirmed as before."""
    for item in _items(_taken(match)):
        on = match.takes_back.original.effective_on
        restore_bank_receipt(kind=item.kind, public_id=item.source_id, on=on, actor=actor)


def _taken(match: Match) -> TakenBack | None:
    return TakenBack.objects.filter(match=match).select_related("original").first()


def _items(taken: TakenBack | None) -> list[Any]:
    if taken is None:
        return []
    parts = taken.original.items.select_related("expectation").order_by("id")
    return [part.expectation for part in parts if part.expectation.kind != GIVE_BACK]
