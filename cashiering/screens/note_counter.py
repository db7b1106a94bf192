"""What a note counter counted, put into a count that a person then completes and commits."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from cashiering.formats.note_counter import NoteCount, NoteCountUnread, read_note_count
from cashiering.rules.denominations import DENOMINATIONS
from hms_ach.money import digits
from hms_ach.refusal import Refusal
from hms_ach.web import ANY_SIGNED_IN, Request, page, screen

MOST_CHARACTERS = 20_000


class NoteCountRefused(Refusal):
    code = "note_count_refused"
    status = 422
    sentence = "Line {line}: {problem}. Nothing of it is used; count again, or write the pieces by hand."


@screen(ANY_SIGNED_IN, methods=("GET", "POST"))
def note_counter(request: Request) -> HttpResponse:
    """Read a machine's report and go back to the count with its pieces filled in; nothing is committed.

    Nothing of anybody is shown or kept here: the form that it leads back to asks for its own permission.
    """
    asked = request.POST if request.method == "POST" else request.GET
    currency, prefix, back = (asked.get(name, "")[:200] for name in ("currency", "prefix", "back"))
    currency = currency if currency in DENOMINATIONS else "USD"
    back = back if _is_count_page(back) else "/"
    text = request.POST.get("report", "")
    refusal = ""
    if request.method == "POST":
        try:
            return redirect(_filled(back, _read(text, currency), prefix))
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "currency": currency,
        "prefix": prefix,
        "back": back,
        "text": text,
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    return page(
        request, full="cashiering/session/note_counter.html", context=context, status=422 if refusal else 200
    )


def _is_count_page(path: str) -> bool:
    return path.startswith("/cashiering/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def _read(text: str, currency: str) -> NoteCount:
    """Raises NoteCountRefused."""
    if len(text) > MOST_CHARACTERS:
        raise NoteCountRefused(line=1, problem="the report is too long")
    faces, places = DENOMINATIONS[currency], digits(currency)
    try:
        return read_note_count(text, currency=currency, faces=faces, places=places)
    except NoteCountUnread as unread:
        raise NoteCountRefused(line=unread.line, problem=unread) from None


def _filled(back: str, count: NoteCount, prefix: str) -> str:
    """The page of the count, whose address fills the pieces in."""
    filled = {f"{prefix}-{face}": str(pieces) for face, pieces in count.pieces.items()}
    told = {"machine": str(sum(count.pieces.values())), "rejected": str(count.rejected)}
    return f"{back}{'&' if '?' in back else '?'}{urlencode(filled | told)}"
