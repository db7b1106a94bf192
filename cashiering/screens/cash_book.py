"""The cash book: a day by place and tender, the documents behind each line, its files, writing a page."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from cashiering.commands import write_cash_book
from cashiering.models import CashBookPage
from cashiering.queries.cash_book import cash_book, cash_book_documents, cash_book_pages
from cashiering.reports.cash_book import cash_book_table
from cashiering.rules.cash_book import DEFINITION, LEVELS, TENDERS, CashBookRow, added_up
from hms_ach import audit, clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_day, asked_one_of, page, scoped_or_404, screen
from hms_ach.web.names import names_of
from hms_ach.web.table_file import FORMS, table_file


class _Asked:
    """What the address asks for: a day, facilities, and how lines are added up."""

    def __init__(self, request: Request) -> None:
        self.all = list(facilities_of(request.user))
        code = asked_one_of(request, "facility", [one.code for one in self.all])
        self.facilities = [one for one in self.all if one.code == code] or self.all
        self.code = code if len(self.facilities) < len(self.all) else ""
        self.level = asked_one_of(request, "by", LEVELS) or "place"
        today = _today(self.facilities[0]) if self.facilities else clock.now().date()
        self.on = asked_day(request, "day") or today

    @property
    def rows(self) -> list[CashBookRow]:
        return added_up(cash_book(self.facilities, on=self.on), self.level)

    @property
    def pages(self) -> list[CashBookPage]:
        pages = cash_book_pages([one.pk for one in self.facilities])
        return list(pages.filter(business_on=self.on))


def _today(facility: Facility) -> date:
    return clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)


@screen("cashiering.view_cash_book")
def cash_book_page(request: Request) -> HttpResponse:
    """A day of the book: as it was written, or as it stands where no page is written yet."""
    asked = _Asked(request)
    pages = {one.facility_id: one for one in asked.pages}
    query = request.GET.copy()
    query["day"] = asked.on.isoformat()
    files = [
        (form.upper(), f"{reverse('cashiering:cash-book-file', args=[form])}?{query.urlencode()}")
        for form in ("csv", "xlsx", "pdf")
    ]
    context: dict[str, Any] = {
        "asked": asked,
        "levels": LEVELS,
        "rows": [(row, _address(row, asked)) for row in asked.rows],
        "places": [(one, pages.get(one.pk)) for one in asked.facilities],
        "recent": cash_book_pages([one.pk for one in asked.facilities])[:15],
        "definition": DEFINITION,
        "files": files,
    }
    return page(
        request,
        full="cashiering/cash_book/page.html",
        fragment="cashiering/cash_book/_table.html",
        context=context,
    )


def _address(row: CashBookRow, asked: _Asked) -> str:
    """Where the documents behind a line are; none where several lines are one, or nothing is known."""
    if asked.level != "place" or row.figures is None:
        return ""
    code = next(one.code for one in asked.facilities if one.pk == row.facility_id)
    address = reverse("cashiering:cash-book-line", args=[code, asked.on.isoformat(), row.role, row.currency])
    return f"{address}?register={row.register_id or ''}"


@screen("cashiering.view_cash_book")
def cash_book_line(request: Request, code: str, day: str, role: str, currency: str) -> HttpResponse:
    """The documents behind one line, with the moment, the column and the entry of each."""
    facility, on = _facility(request, code), clock.day_of(day)
    if on is None or role not in TENDERS:
        raise Http404
    register = request.GET.get("register", "")
    found = cash_book_documents(
        facility,
        on=on,
        role=role,
        register_id=int(register) if register.isdecimal() and len(register) < 18 else None,
        currency=currency,
    )
    written = CashBookPage.objects.filter(facility=facility, business_on=on).first()
    names = names_of(one.source for one in found)
    context = {
        "facility": facility,
        "on": on,
        "tender": TENDERS[role],
        "currency": currency,
        "written": written,
        "documents": [
            (one, names[one.source], written is not None and one.at > written.written_at) for one in found
        ],
    }
    return page(request, full="cashiering/cash_book/line.html", context=context)


def _facility(request: Request, code: str) -> Facility:
    return scoped_or_404(Facility.objects.all(), request, facility_path="pk", code=code)


@screen("cashiering.write_cash_book", methods=("POST",))
def writing(request: Request, code: str, day: str) -> HttpResponse:
    """Write a day's page by hand, where no bag has left yet."""
    facility, on = _facility(request, code), clock.day_of(day)
    if on is None:
        raise Http404
    try:
        written = write_cash_book(facility=facility, business_on=on, actor=request.user)
        messages.success(request, f"Page {written} of {code} is written. It never changes.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('cashiering:cash-book')}?day={on.isoformat()}")


@screen("cashiering.view_cash_book")
def cash_book_file(request: Request, form: str) -> HttpResponseBase:
    """The page as a file. Who took it stays in the audit trail."""
    if form not in FORMS:
        raise Http404
    asked = _Asked(request)
    table = cash_book_table(
        asked.rows,
        on=asked.on,
        level=asked.level,
        facilities=asked.facilities,
        pages=asked.pages,
        actor=request.user,
    )
    response = table_file(table, form, whose=asked.facilities[0] if asked.facilities else None)
    for facility in asked.facilities:
        audit.record(
            "cashiering.export_cash_book",
            actor=request.user,
            subject=facility,
            facility=facility,
            after={"day": asked.on.isoformat(), "form": form, "by": asked.level},
        )
    return response
