"""What became at the bank of what was announced: matched, proposed, split, or nothing yet."""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from reconciliation.models import Discrepancy, Expectation, MatchItem, Proposal, Suggestion
from reconciliation.queries.proposal import waiting_as_expected


def with_bank_states(rows: QuerySet) -> QuerySet:
    """Rows with `kind` and `public_id` say their `bank_state` and `bank_document`; no further query.

    MATCHED      one line and one item; also where its money lay in suspense meanwhile
    SPLIT        several lines for it, or one line for several
    WRITTEN_OFF  two people closed it without a line
    PROPOSED     a match, or money in suspense, is proposed; or the engine suggests a line for a person
    UNMATCHED    awaited, and nothing fits
    """
    item = _items(kind=Lower(OuterRef("kind")), source_id=OuterRef("public_id"))
    nothing = Value("", CharField())
    return rows.annotate(
        bank_state=Coalesce(Subquery(item.values("said")[:1]), nothing),
        bank_document=Coalesce(Subquery(item.values("document")[:1]), nothing),
    )


def _items(**named: object) -> Any:
    live = MatchItem.objects.filter(expectation=OuterRef("pk"), undo=None).annotate(word=_word())
    waiting = Discrepancy.objects.exclude(state="APPROVED").order_by("id")
    own_id = Func(OuterRef("pk"), function="to_jsonb", output_field=JSONField())
    proposed = Proposal.objects.filter(verdict=None, plan__items__contains=own_id).order_by("id")
    cleared = waiting_as_expected().filter(document=OuterRef("source_id"))
    near = Suggestion.objects.filter(expectation=OuterRef("pk"))
    lines = Suggestion.objects.filter(expectation=OuterRef(OuterRef("pk"))).values("line")
    found = (
        Expectation.objects.filter(**named)
        .order_by()
        .annotate(
            match_word=Subquery(live.values("word")[:1]),
            match_id=Subquery(live.values("match__public_id")[:1]),
            proposed_in=Subquery(proposed.values("discrepancy__public_id")[:1]),
            cleared_in=Subquery(cleared.values("public_id")[:1]),
            is_near=Exists(near),
            near_in=Subquery(waiting.filter(line__in=lines).values("public_id")[:1]),
            own=Subquery(waiting.filter(expectation=OuterRef("pk")).values("public_id")[:1]),
        )
    )
    is_proposed = Q(proposed_in__isnull=False) | Q(cleared_in__isnull=False) | Q(is_near=True)
    open_word = Case(When(is_proposed, then=Value("PROPOSED")), default=Value("UNMATCHED"))
    places = ("match_id", "proposed_in", "cleared_in", "near_in", "own")
    return found.annotate(
        said=Coalesce("match_word", open_word, output_field=CharField()),
        document=Coalesce(*places, output_field=CharField()),
    )


def _word() -> Case:
    several = Q(match__line_count__gt=1) | Q(match__item_count__gt=1)
    from_suspense = Q(match__line_count=0, match__pass_name="suspense")  # noqa: S106 - not a password
    return Case(
        When(from_suspense, then=Value("MATCHED")),
        When(match__line_count=0, then=Value("WRITTEN_OFF")),
        When(several, then=Value("SPLIT")),
        default=Value("MATCHED"),
        output_field=CharField(),
    )
