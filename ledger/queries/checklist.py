"""The close checklist of a legal entity, and what was proposed for it since."""

from django.db.models import Exists, OuterRef, QuerySet

from hms_ach.access.models import LegalEntity
from ledger.models import ChecklistProposal, CloseStep


def checklist(*, legal_entity: LegalEntity) -> list[CloseStep]:
    """The steps that the entity's next close starts with, in their order. One SQL query."""
    rows = CloseStep.objects.filter(legal_entity=legal_entity, retired_at=None).select_related("after")
    return list(rows.order_by("position"))


def checklists_awaiting() -> QuerySet[ChecklistProposal]:
    """The newest proposal of each entity, where nobody decided on it."""
    newer = ChecklistProposal.objects.filter(legal_entity=OuterRef("legal_entity"), pk__gt=OuterRef("pk"))
    rows = ChecklistProposal.objects.filter(~Exists(newer), decision=None)
    return rows.select_related("legal_entity", "proposed_by").order_by("id")
