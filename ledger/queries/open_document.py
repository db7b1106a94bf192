"""The documents behind a sub-ledger's figure: as they stand, or as a tie-out kept them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from hms_ach.access.models import LegalEntity
from hms_ach.money import Money, total
from ledger.models import TieOut
from ledger.queries.tie_out import documents_of
from ledger.rules.sub_ledger import REGISTERED, OpenDocument


@dataclass(frozen=True, slots=True)
class DocumentsBehind:
    """What a figure is made of; `figure` is all of it, `others` what lies at facilities not asked for.

    kept   the sum of what the tie-out kept; it differs from its figure where that is older than keeping was
    """

    documents: list[OpenDocument]
    figure: Money
    others: Money
    n_others: int
    kept: Money

    @property
    def is_kept(self) -> bool:
        return self.kept == self.figure

    @property
    def shown(self) -> Money:
        """What the documents listed add up to."""
        return self.kept - self.others


def documents_now(
    *,
    legal_entity: LegalEntity,
    sub_ledger: str,
    role: str,
    currency: str,
    on: date,
    facility_ids: Collection[int],
) -> DocumentsBehind:
    """As of the day, or as they stand where the sub-ledger is not dated. Its own queries."""
    found = documents_of(REGISTERED[sub_ledger], legal_entity, on).get((role, currency), [])
    return _behind(found, currency, facility_ids)


def documents_kept(tie_out: TieOut, *, facility_ids: Collection[int]) -> DocumentsBehind:
    """As they stood when the tie-out was taken. One SQL query."""
    rows = tie_out.documents.order_by("reference", "id").values_list(
        "reference", "facility_id", "amount_minor"
    )
    found = [
        OpenDocument(tie_out.role, reference, facility_id, Money(minor, tie_out.currency))
        for reference, facility_id, minor in rows
    ]
    return _behind(found, tie_out.currency, facility_ids, figure=tie_out.sub_ledger_minor)


def tie_out_named(public_id: str, *, legal_entity: LegalEntity) -> TieOut | None:
    """One tie-out of the entity; None for another's and for none. One SQL query."""
    rows = TieOut.objects.filter(public_id=public_id, period__legal_entity=legal_entity)
    return rows.select_related("period__legal_entity", "taken_by", "signature__signed_by").first()


def _behind(
    found: Sequence[OpenDocument], currency: str, facility_ids: Collection[int], *, figure: int | None = None
) -> DocumentsBehind:
    own = set(facility_ids)
    others = [each.amount for each in found if each.facility_id not in own]
    kept = total([each.amount for each in found], currency)
    return DocumentsBehind(
        documents=[each for each in found if each.facility_id in own],
        figure=kept if figure is None else Money(figure, currency),
        others=total(others, currency),
        n_others=len(others),
        kept=kept,
    )
