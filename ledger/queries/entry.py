"""The journal: entries, what caused them and what they say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from hms_ach.money import Money
from ledger.models import Entry, Posting
from ledger.queries.gl_batch import gl_batches


@dataclass(frozen=True, slots=True)
class EntryRow:
    public_id: str
    effective_on: date
    posted_at: datetime
    facility_code: str
    timezone: str
    memo: str
    source_kind: str
    source_id: str
    total: Money
    is_reversal: bool

    @property
    def source_label(self) -> str:
        """The kind of document in words."""
        return self.source_kind.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class EntryLine:
    line: int
    account_id: int
    account_number: str
    account_name: str
    role: str
    amount: Money
    functional: Money
    rate: str
    department: str
    payer_class: str
    payer: str
    tender: str
    reference: str

    @property
    def debit(self) -> Money | None:
        return self._shown if self._shown.minor > 0 else None

    @property
    def credit(self) -> Money | None:
        return -self._shown if self._shown.minor < 0 else None

    @property
    def _shown(self) -> Money:
        """The amount; of a difference of exchange, which has none, its functional value."""
        return self.amount or self.functional


@dataclass(frozen=True, slots=True)
class EntryBatch:
    """A batch that sent the entry, how far it got, and the general ledger's own number for it."""

    public_id: str
    number: str
    state: str
    journal: str


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """rate of a line names the exchange rate, its day and its source; empty in the functional currency.

    belongs_on is the earlier day of a late entry; taken_back_on the day an accrual reverses itself.
    """

    row: EntryRow
    entity_code: str
    key: str
    posted_by: str
    period: str
    reverses: str
    reversed_by: str
    gl_batches: list["EntryBatch"]
    belongs_on: date | None
    taken_back_on: date | None
    lines: list[EntryLine]


def entries_of(source: tuple[str, str], *, facility_ids: Collection[int] | None = None) -> list[EntryRow]:
    """The entries that a document caused, in the order they were posted. One SQL query.

    source        (kind, public id) as given to post_entry
    facility_ids  only entries of these facilities
    """
    rows = _rows().filter(source_kind=source[0], source_id=source[1])
    if facility_ids is not None:
        rows = rows.filter(facility_id__in=facility_ids)
    return [_row(entry) for entry in rows.order_by("id")]


def rows_of(entries: "QuerySet[Entry]") -> list[tuple[int, EntryRow]]:
    """Entries in the order they were posted, each with its id. One SQL query."""
    related = entries.select_related("facility", "legal_entity").order_by("id")
    return [(entry.pk, _row(entry)) for entry in related]


def journal(
    *,
    since: date,
    until: date,
    facility_ids: Collection[int],
    known_at: datetime | None = None,
    source_kind: str = "",
    is_unbatched: bool = False,
    page: int | str = 1,
    page_size: int = 50,
) -> "Page[EntryRow]":
    """A page of the facilities' entries of some days, latest posted first. Two SQL queries.

    since, until  effective dates, both included
    known_at      only what was posted by then (aware)
    source_kind   only entries of this kind of document
    is_unbatched  only entries that no GL batch holds yet
    """
    rows = _rows().filter(facility_id__in=facility_ids, effective_on__range=(since, until))
    if known_at:
        rows = rows.filter(posted_at__lte=known_at)
    if source_kind:
        rows = rows.filter(source_kind=source_kind)
    if is_unbatched:
        rows = rows.filter(gl_batch_entries=None)
    found: Page[Any] = Paginator(rows.order_by("-id"), page_size).get_page(page)
    found.object_list = [_row(entry) for entry in found.object_list]
    return found


def entry_detail(*, public_id: str, facility_ids: Collection[int]) -> EntryDetail | None:
    """One entry with its lines; None when there is none in these facilities. Four SQL queries."""
    entry = (
        _rows()
        .select_related("posted_by", "period", "reverses", "reversed_by", "scheduled_reversal")
        .filter(public_id=public_id, facility_id__in=facility_ids)
        .first()
    )
    if entry is None:
        return None
    reversal = getattr(entry, "reversed_by", None)
    scheduled = getattr(entry, "scheduled_reversal", None)
    functional = entry.legal_entity.functional_currency
    postings = entry.postings.select_related("account", "department", "exchange_rate").order_by("line")
    return EntryDetail(
        row=_row(entry),
        entity_code=entry.legal_entity.code,
        key=entry.key,
        posted_by=entry.posted_by.get_full_name() if entry.posted_by else "",
        period=str(entry.period),
        reverses=entry.reverses.public_id if entry.reverses else "",
        reversed_by=reversal.public_id if reversal else "",
        gl_batches=_batches(entry, facility_ids),
        belongs_on=entry.belongs_on,
        taken_back_on=scheduled.on if scheduled else None,
        lines=[_line(posting, functional) for posting in postings],
    )


def _batches(entry: Entry, facility_ids: Collection[int]) -> list[EntryBatch]:
    """The batches that sent the entry, the latest first."""
    rows = gl_batches(facility_ids=facility_ids).filter(members__entry=entry)
    return [EntryBatch(row.public_id, row.number, row.state, row.journal or "") for row in rows]


def _rows() -> "QuerySet[Entry]":
    return Entry.objects.select_related("facility", "legal_entity")


def _row(entry: Entry) -> EntryRow:
    return EntryRow(
        public_id=entry.public_id,
        effective_on=entry.effective_on,
        posted_at=entry.posted_at,
        facility_code=entry.facility.code,
        timezone=entry.facility.timezone,
        memo=entry.memo,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        total=Money(entry.total_functional_minor, entry.legal_entity.functional_currency),
        is_reversal=entry.reverses_id is not None,
    )


def _line(posting: Posting, functional: str) -> EntryLine:
    rate = posting.exchange_rate
    return EntryLine(
        line=posting.line,
        account_id=posting.account_id,
        account_number=posting.account.number,
        account_name=posting.account.name,
        role=posting.role,
        amount=Money(posting.amount_minor, posting.currency),
        functional=Money(posting.functional_minor, functional),
        rate=f"{rate.rate.normalize():f} of {rate.on.isoformat()} ({rate.source})" if rate else "",
        department=posting.department.code if posting.department else "",
        payer_class=posting.payer_class,
        payer=posting.payer,
        tender=posting.tender,
        reference=posting.reference,
    )
