"""Writing a day of the cash book: once, when its money is handed on for the first time."""

from datetime import date

from django.db import IntegrityError, transaction

from cashiering.models import CashBookLine, CashBookPage, Deposit, Session
from cashiering.queries.cash_book import cash_book_rows
from cashiering.rules.cash_book import COLUMNS
from hms_ach import audit, clock, outbox
from hms_ach.access.models import Facility, User
from hms_ach.refusal import Refusal
from hms_ach.sql import next_number

_DONE = ("APPROVED", "DEPOSITED", "BANK_CONFIRMED")


class CashBookWritten(Refusal):
    code = "cash_book_written"
    sentence = "The page of {day} is written already. It never changes; what came since stands beside it."


class CashBookDayRuns(Refusal):
    code = "cash_book_day_runs"
    sentence = "The page of {day} cannot be written yet: {why}. Have that finished, then write it."


class CashBookDayEmpty(Refusal):
    code = "cash_book_day_empty"
    status = 422
    sentence = "Nothing was held and nothing moved on {day}, so that there is no page to write."


@transaction.atomic
def write_cash_book(
    *, facility: Facility, business_on: date, actor: User, deposit: Deposit | None = None
) -> CashBookPage:
    """Write the page of a facility's day from the book as it stands. It never changes afterwards.

    deposit  the bag whose handover writes it

    Raises CashBookWritten, CashBookDayRuns for a day to come or with a drawer that is not approved, or
    CashBookDayEmpty. Emits `cash_book.written`.
    """
    if CashBookPage.objects.filter(facility=facility, business_on=business_on).exists():
        raise CashBookWritten(day=business_on)
    if why := _unfinished(facility, business_on):
        raise CashBookDayRuns(day=business_on, why=why)
    rows = cash_book_rows([facility], on=business_on)
    if not rows:
        raise CashBookDayEmpty(day=business_on)
    page = _page(facility, business_on, actor, deposit)
    CashBookLine.objects.bulk_create(
        CashBookLine(
            page=page,
            role=row.role,
            register_id=row.register_id,
            department_id=row.department_id,
            currency=row.currency,
            **{f"{name}_minor": one.minor for name, one in zip(COLUMNS, row.figures or (), strict=True)},
        )
        for row in rows
    )
    after = {"number": page.number, "lines": len(rows)}
    audit.record("cashiering.write_cash_book", actor=actor, subject=page, facility=facility, after=after)
    data = {"business_on": business_on.isoformat(), "number": page.number, "lines": len(rows)}
    outbox.record("cash_book.written", subject=page.public_id, facility=facility, data=data)
    return page


def _page(facility: Facility, day: date, actor: User, deposit: Deposit | None) -> CashBookPage:
    """Two may write the same day at once: the database decides. Raises CashBookWritten."""
    try:
        with transaction.atomic():
            return CashBookPage.objects.create(
                facility=facility,
                business_on=day,
                number=next_number(series="cash_book", facility_id=facility.pk, year=day.year),
                deposit=deposit,
                written_by=actor,
                written_at=clock.now(),
            )
    except IntegrityError as error:
        if "cashiering_cash_book_page_once" not in str(error):
            raise
        raise CashBookWritten(day=day) from None


def _unfinished(facility: Facility, day: date) -> str:
    """What keeps a day from being written; empty when nothing does."""
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    if day > today:
        return "it has not come"
    running = Session.objects.filter(facility=facility, business_on__lte=day).exclude(state__in=_DONE)
    numbers = list(running.order_by("business_on", "id").values_list("number", flat=True)[:3])
    return f"drawers are not approved: {', '.join(numbers)}" if numbers else ""


def write_pages_of(deposit: Deposit, *, actor: User) -> list[CashBookPage]:
    """The pages of the days whose money leaves in this bag, where nobody wrote them and all is approved."""
    days = deposit.parts.order_by().values_list("session__business_on", flat=True).distinct()
    facility, pages = deposit.facility, []
    for day in sorted(days):
        is_written = CashBookPage.objects.filter(facility=facility, business_on=day).exists()
        if not is_written and not _unfinished(facility, day):
            pages.append(write_cash_book(facility=facility, business_on=day, actor=actor, deposit=deposit))
    return pages
