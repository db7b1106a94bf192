"""The transforms that legal entities wrote: which there are, and which count."""

from collections.abc import Collection

from django.db.models import QuerySet

from hms_ach.access.models import LegalEntity
from ledger.models import ExportProfile


def export_profiles(*, legal_entity_ids: Collection[int]) -> "QuerySet[ExportProfile]":
    """The entities' profiles with their approvals, the latest version of a code first. One SQL query."""
    rows = ExportProfile.objects.filter(legal_entity_id__in=legal_entity_ids)
    rows = rows.select_related("legal_entity", "written_by", "approval__approved_by")
    return rows.order_by("legal_entity_id", "code", "-version")


def profiles_in_force(*, legal_entity: LegalEntity) -> list[ExportProfile]:
    """The highest approved version of each code, by code. One SQL query."""
    rows = export_profiles(legal_entity_ids=[legal_entity.pk]).exclude(approval=None)
    latest: dict[str, ExportProfile] = {}
    for row in rows:
        latest.setdefault(row.code, row)
    return list(latest.values())
