"""Journals by hand and their templates."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from ledger.models import Entry, Journal, JournalTemplate


def journals(*, facility_ids: Collection[int], state: str = "") -> "QuerySet[Journal]":
    """The facilities' journals, latest first, to be paged; of one state when named. One query a page."""
    rows = Journal.objects.filter(facility_id__in=facility_ids)
    rows = rows.select_related("facility", "prepared_by", "decided_by", "entry", "reverses")
    return (rows.filter(state=state) if state else rows).order_by("-id")


def journal_of(*, public_id: str, facility_ids: Collection[int]) -> Journal | None:
    """One journal with its lines and files; None when none is in these facilities. Five SQL queries."""
    rows = journals(facility_ids=facility_ids).select_related("facility__legal_entity", "template")
    rows = rows.prefetch_related("lines__account", "lines__department", "files__file")
    return rows.filter(public_id=public_id).first()


def journal_templates(*, facility_ids: Collection[int]) -> list[JournalTemplate]:
    """The templates in use, by facility and name, with their lines. Two SQL queries."""
    rows = JournalTemplate.objects.filter(facility_id__in=facility_ids, retired_at=None)
    rows = rows.select_related("facility", "made_by").prefetch_related("lines__account", "lines__department")
    return list(rows.order_by("facility__code", "name", "id"))


def finance_entry(*, public_id: str, facility_ids: Collection[int]) -> Entry | None:
    """An entry that finance itself made and nobody took back; None when there is none. One SQL query."""
    rows = Entry.objects.select_related("facility__legal_entity", "legal_entity")
    return rows.filter(
        Q(reversed_by=None), public_id=public_id, source_kind="adjustment", facility_id__in=facility_ids
    ).first()
