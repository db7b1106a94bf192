"""The home page, what awaits the person who signed in, and the gallery of components."""

from importlib import import_module

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.module_loading import module_has_submodule

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.access.queries import badge_waiting_since, facilities_of
from hms_ach.home.gallery import specimens
from hms_ach.web import ANY_SIGNED_IN, Request, asked_page, page, screen
from hms_ach.web.waiting import Waiting

APPS = (
    "cashiering",
    "reconciliation",
    "billing",
    "ledger",
    "hms_ach.outbox",
    "hms_ach.audit",
    "hms_ach.access",
)


@screen(ANY_SIGNED_IN)
def home(request: Request) -> HttpResponse:
    """Each kind of work that waits, what it is worth and since when; the longest wait first."""
    facilities = list(facilities_of(request.user))
    rows = waiting_for(request.user, frozenset(facility.pk for facility in facilities))
    return page(
        request,
        full="home/home.html",
        context={
            "facilities": facilities,
            "today": clock.today(facilities[0].timezone if facilities else settings.TIME_ZONE),
            "waiting": [row for row in rows if row.count],
            "done": [row for row in rows if not row.count],
        },
    )


def waiting_for(user: User, facility_ids: frozenset[int]) -> list[Waiting]:
    """What all apps say awaits the person, as far as their permissions go."""
    asked = [_queries_of(app) for app in APPS]
    found = [
        row
        for queries in asked
        if hasattr(queries, "waiting")
        for row in queries.waiting(user, facility_ids)
        if user.has_perm(row.permission)
    ]
    found += _about_oneself(user)
    return sorted(found, key=lambda row: (row.oldest_on is None, row.oldest_on or 0, row.title))


def _about_oneself(user: User) -> list[Waiting]:
    """What needs no permission: the badge that somebody enrolled for this person."""
    since = badge_waiting_since(user)
    if since is None:
        return []
    url = reverse("access:own-pin")
    return [Waiting(title="A badge to confirm", count=1, url=url, permission="", oldest_on=since.date())]


def _queries_of(app: str):
    """The app's questions; None for an app that has none."""
    package = import_module(app)
    return import_module(f"{app}.queries") if module_has_submodule(package, "queries") else None


@screen(ANY_SIGNED_IN)
def gallery(request: Request) -> HttpResponse:
    """Every component, for whoever builds screens. Only in the demo and in tests."""
    if not settings.IS_DEMO:
        raise Http404
    context = specimens()
    context["page"] = Paginator(context["rows"], 5).get_page(asked_page(request))
    return page(request, full="home/gallery.html", context=context)
