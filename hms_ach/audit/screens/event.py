"""The auditor's screens: search, one event, the history of one subject."""

from datetime import datetime, time

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone

from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.audit.models import Event
from hms_ach.audit.queries import (
    Search,
    differences,
    event_named,
    history_of,
    is_sealed,
    last_check,
    last_seal,
    seal_of,
    search,
)
from hms_ach.web import Request, offer, page, screen
from hms_ach.web.names import name_of, names_of, subjects_called

# The first word of an action's name.
APPS = ("access", "billing", "cashiering", "files", "ledger", "outbox", "reconciliation", "vault")


class SearchForm(forms.Form):
    """What to look for. Days are whole days in the zone of the request."""

    id = forms.CharField(label="Document number or id", required=False, max_length=120)
    person = forms.CharField(label="Person", required=False, max_length=60)
    action = forms.CharField(label="Action", required=False, max_length=80)
    facility = forms.ChoiceField(label="Facility", required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data, *, facilities) -> None:
        super().__init__(data)
        offer(self, "facility", [("", "Any"), *((str(one.pk), one.name) for one in facilities)])

    def wanted(self) -> Search:
        asked = self.cleaned_data
        document, action = asked["id"].strip(), asked["action"].strip()
        is_event = document.startswith("aud_")
        return Search(
            event=document if is_event else "",
            subjects=[document, *subjects_called(document)] if document and not is_event else (),
            person=asked["person"].strip(),
            actions=_actions_called(action) if action else (),
            facility_id=int(asked["facility"]) if asked["facility"] else None,
            since=_moment(asked["since"], time.min),
            until=_moment(asked["until"], time.max),
        )


@screen("audit.view_event")
def event_list(request: Request) -> HttpResponse:
    """Events, newest first.

    Three queries for the list and one for each kind of document in it; one more for a number, for a
    person and for later pages.
    """
    form = SearchForm(request.GET, facilities=facilities_of(request.user))
    events: list[Event] = []
    has_older = False
    if form.is_valid():
        events, has_older = search(
            form.wanted(), facility_ids=facility_ids_of(request.user), before=request.GET.get("before", "")
        )
    last, names = last_seal(), names_of(event.subject for event in events if event.subject)
    older = request.GET.copy()
    older["before"] = events[-1].public_id if events else ""
    return page(
        request,
        full="audit/event/list.html",
        fragment="audit/event/_table.html",
        context={
            "form": form,
            "rows": [(event, is_sealed(event, last), names.get(event.subject)) for event in events],
            "older_url": f"?{older.urlencode()}" if has_older else "",
            "is_set": any(form[name].value() for name in form.fields),
            "is_later_page": "before" in request.GET,
            "last_seal": last,
            "last_check": last_check(),
            "last_digest": bytes(last.digest).hex() if last else "",
        },
    )


@screen("audit.view_event")
def event_detail(request: Request, public_id: str) -> HttpResponse:
    """One event with what it changed and the seal over it. Two queries."""
    event = event_named(public_id, facility_ids=facility_ids_of(request.user))
    if event is None:
        raise Http404
    return page(
        request,
        full="audit/event/detail.html",
        context={
            "event": event,
            "name": name_of(event.subject) if event.subject else None,
            "differences": differences(event),
            "digest": bytes(event.digest).hex(),
            "seal": seal_of(event),
        },
    )


@screen("audit.view_event")
def subject_history(request: Request, subject: str) -> HttpResponse:
    """Everything that happened to one subject, newest first. One query."""
    events = history_of(subject, facility_ids=facility_ids_of(request.user))
    return page(
        request,
        full="audit/event/history.html",
        context={
            "subject": subject,
            "name": name_of(subject),
            "rows": [(event, differences(event)) for event in events],
        },
    )


def _actions_called(words: str) -> list[str]:
    """The names that actions of any app may have for "Issue invoice", or the one name written in full."""
    if "." in words:
        return [words]
    return [f"{app}.{words.lower().replace(' ', '_')}" for app in APPS]


def _moment(day, at: time) -> datetime | None:
    return None if day is None else timezone.make_aware(datetime.combine(day, at))
