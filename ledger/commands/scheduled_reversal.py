"""Entries that take themselves back when their day comes: accruals and revaluations."""

from datetime import date
from typing import Any

from django.db import transaction

from ledger.commands.entry import reverse_entry
from ledger.commands.entry_refusal import PeriodClosed
from ledger.models import Entry, ScheduledReversal


def reverse_due(*, today: date) -> tuple[list[Entry], list[ScheduledReversal]]:
    """Take back what is due by today, each in a transaction of its own; gives the reversals and what waits.

    On its own day; where that period is closed, today, saying which day it belongs to. What finds no
    open period waits for the next run. Safe to repeat.
    """
    done, waiting = [], []
    due = ScheduledReversal.objects.filter(on__lte=today, entry__reversed_by=None)
    for row in due.select_related("entry").order_by("on", "id"):
        try:
            with transaction.atomic():
                done.append(_reverse(row, today))
        except PeriodClosed:
            waiting.append(row)
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
