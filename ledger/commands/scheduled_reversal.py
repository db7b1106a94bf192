"""Entries that take themselves back when their day comes: accruals and revaluations."""

from datetime import date
from typing import Any

from django.db import transaction

from hms_ach.access.models import LegalEntity
from hms_ach.refusal import Refusal
from ledger.commands.entry import reverse_entry
from ledger.commands.entry_refusal import PeriodClosed
from ledger.models import Entry, ScheduledReversal


def reverse_due(
    *, today: date, legal_entity: LegalEntity | None = None
) -> tuple[list[Entry], list[tuple[ScheduledReversal, Refusal]]]:
    """Take back what is due by today, each in a transaction of its own; gives the reversals and what waits.

    On its own day; where that period is closed, today, saying which day it belongs to. What the book
    refuses, such as for want of an open period, waits for the next run with its reason and holds up no
    other. Safe to repeat.

    legal_entity  whose entries; everybody's when omitted
    """
    done, waiting = [], []
    due = ScheduledReversal.objects.filter(on__lte=today, entry__reversed_by=None)
    if legal_entity:
        due = due.filter(entry__legal_entity=legal_entity)
    for row in due.select_related("entry").order_by("on", "id"):
        try:
            with transaction.atomic():
                done.append(_reverse(row, today))
        except Refusal as refusal:
            waiting.append((row, refusal))
    return done, waiting


def _reverse(row: ScheduledReversal, today: date) -> Entry:
    asked: dict[str, Any] = {
        "original": row.entry,
        "key": f"ledger.reversal:{row.entry.key}",
        "memo": f"Taken back: {row.entry.memo}"[:200],
        "source": ("adjustment", row.entry.source_id),
        "actor": None,
    }
    try:
        return reverse_entry(effective_on=row.on, **asked)
    except PeriodClosed:
        if row.on == today:
            raise
        return reverse_entry(effective_on=today, belongs_on=row.on, **asked)
