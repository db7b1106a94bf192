"""What goes to the general ledger when a day is approved."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.sql import next_number
from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, write_csv, write_json, write_jsonl
from ledger.models import Entry, GlBatch, GlBatchEntry, GlBatchFile, GlBatchLine, Posting

_WRITERS = {
    GlBatchFile.Layout.JSON: write_json,
    GlBatchFile.Layout.JSONL: write_jsonl,
    GlBatchFile.Layout.CSV: write_csv,
}
_DIMENSIONS = ["effective_on", "account_id", "department_id", "payer_class", "tender", "currency"]


@dataclass(frozen=True, slots=True)
class _Sum:
    """A batch line with what its bytes show beside it."""

    row: GlBatchLine
    department: str
    entries: tuple[str, ...]


@transaction.atomic
def build_gl_batch(*, facility: Facility, business_on: date, actor: User | None) -> GlBatch:
    """Freeze the facility's entries of the day and of days before that are in no batch yet.

    An entry posted later, for whatever day, goes to a later batch. Building again the same day makes
    another run; a day without entries makes an empty batch, so that nothing missing stays unsaid.
    The bytes of every layout are kept with their SHA-256.
    """
    # The counter row stays locked until the end: one builder for each facility at a time.
    number = next_number(series="gl_batch", facility_id=facility.pk, year=business_on.year)
    entries = list(
        Entry.objects.filter(
            facility=facility, effective_on__lte=business_on, gl_batch_entry=None
        ).values_list("id", flat=True)
    )
    sums = _sums(entries)
    entity = facility.legal_entity
    batch = GlBatch.objects.create(
        legal_entity=entity,
        facility=facility,
        business_on=business_on,
        run=GlBatch.objects.filter(facility=facility, business_on=business_on).count() + 1,
        number=f"{facility.code}-GL-{business_on.year}-{number:06d}",
        functional_currency=entity.functional_currency,
        n_entries=len(entries),
        n_lines=len(sums),
        debit_minor=sum(found.row.functional_debit_minor for found in sums),
        credit_minor=sum(found.row.functional_credit_minor for found in sums),
        built_by=actor,
        built_at=clock.now(),
    )
    for found in sums:
        found.row.batch = batch
    GlBatchEntry.objects.bulk_create([GlBatchEntry(batch=batch, entry_id=entry) for entry in entries], 5000)
    GlBatchLine.objects.bulk_create([found.row for found in sums], 1000)
    GlBatchFile.objects.bulk_create(_files(batch, entity.code, facility.code, sums))
    audit.record("ledger.build_gl_batch", actor=actor, subject=batch, facility=facility)
    return batch


def _sums(entries: Sequence[int]) -> list[_Sum]:
    """The postings of the entries, summed by day, account, department, payer class, tender and currency."""
    debit, credit = Q(amount_minor__gt=0), Q(amount_minor__lt=0)
    # A difference of exchange has a functional amount only.
    functional_debit, functional_credit = Q(functional_minor__gt=0), Q(functional_minor__lt=0)
    groups = (
        Posting.objects.filter(entry_id__in=entries)
        .values(*_DIMENSIONS, number=F("account__number"), name=F("account__name"))
        .annotate(
            code=Coalesce(F("department__code"), Value("")),
            debit=Sum("amount_minor", filter=debit, default=0),
            credit=Sum("amount_minor", filter=credit, default=0),
            functional_debit=Sum("functional_minor", filter=functional_debit, default=0),
            functional_credit=Sum("functional_minor", filter=functional_credit, default=0),
            n=Count("id"),
            entries=ArrayAgg("entry__public_id", distinct=True, order_by="entry__public_id"),
        )
        .order_by("effective_on", "number", "code", "payer_class", "tender", "currency", "department_id")
    )
    return [_sum(line, group) for line, group in enumerate(groups, start=1)]


def _sum(line: int, group: dict[str, Any]) -> _Sum:
    row = GlBatchLine(
        line=line,
        **{name: group[name] for name in _DIMENSIONS},
        account_number=group["number"],
        account_name=group["name"],
        debit_minor=int(group["debit"]),
        credit_minor=-int(group["credit"]),
        functional_debit_minor=int(group["functional_debit"]),
        functional_credit_minor=-int(group["functional_credit"]),
        n_postings=group["n"],
    )
    return _Sum(row=row, department=group["code"], entries=tuple(group["entries"]))


def _files(batch: GlBatch, entity: str, facility: str, sums: Sequence[_Sum]) -> list[GlBatchFile]:
    functional = batch.functional_currency
    header = BatchHeader(
        id=batch.public_id,
        number=batch.number,
        legal_entity=entity,
        facility=facility,
        business_on=batch.business_on.isoformat(),
        run=batch.run,
        functional_currency=functional,
        built_at=batch.built_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    lines = [_line(found, facility, functional) for found in sums]
    trailer = BatchTrailer(
        entries=batch.n_entries,
        lines=batch.n_lines,
        functional_debit=str(Money(batch.debit_minor, functional)),
        functional_credit=str(Money(batch.credit_minor, functional)),
    )
    files = []
    for layout, write in _WRITERS.items():
        content = write(header, lines, trailer)
        sha256 = hashlib.sha256(content).hexdigest()
        files.append(GlBatchFile(batch=batch, layout=layout, content=content, sha256=sha256))
    return files


def _line(found: _Sum, facility: str, functional: str) -> BatchLine:
    row = found.row
    return BatchLine(
        line=row.line,
        effective_on=row.effective_on.isoformat(),
        account=row.account_number,
        account_name=row.account_name,
        facility=facility,
        department=found.department,
        payer_class=row.payer_class,
        tender=row.tender,
        currency=row.currency,
        debit=str(Money(row.debit_minor, row.currency)),
        credit=str(Money(row.credit_minor, row.currency)),
        functional_debit=str(Money(row.functional_debit_minor, functional)),
        functional_credit=str(Money(row.functional_credit_minor, functional)),
        postings=row.n_postings,
        entries=found.entries,
    )
