"""Finding events."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q, QuerySet

from hms_ach.audit.models import Event
from hms_ach.audit.subject import subject_name


@dataclass(frozen=True, slots=True)
class Search:
    """What an auditor looks for; empty means any.

    event     public id of one event
    subjects  as events name them; any of these
    person    the user name of the actor, or the full name
    actions   any of these
    since, until  moments, both included
    """

    event: str = ""
    subjects: Sequence[str] = ()
    person: str = ""
    actions: Sequence[str] = ()
    facility_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of before and after; None where it was not recorded."""

    name: str
    before: str | None
    after: str | None


def search(
    wanted: Search, *, facility_ids: Collection[int], before: str = "", limit: int = 50
) -> tuple[list[Event], bool]:
    """The newest events that fit, and whether there are older ones.

    before  public id of the last event of the page before

    One query, one more for a person and one more for a later page, whatever the size of the trail:
    each filter has an index that ends in the order of the list.
    """
    events = _of_facilities(facility_ids)
    if wanted.event:
        events = events.filter(public_id=wanted.event)
    if wanted.subjects:
        events = events.filter(subject__in=wanted.subjects)
    if wanted.person:
        named = Q(username__iexact=wanted.person) | Q(name__iexact=wanted.person)
        events = events.filter(
            actor_id__in=list(get_user_model().objects.filter(named).values_list("pk", flat=True))
        )
    if wanted.actions:
        events = events.filter(action__in=wanted.actions)
    if wanted.facility_id:
        events = events.filter(facility_id=wanted.facility_id)
    if wanted.since:
        events = events.filter(at__gte=wanted.since)
    if wanted.until:
        events = events.filter(at__lte=wanted.until)
    if before:
        events = _older_than(events, before)
    found = list(
        events.select_related("actor", "on_behalf_of", "facility").order_by("-at", "-id")[: limit + 1]
    )
    return found[:limit], len(found) > limit


def history_of(
    subject: models.Model | str, *, facility_ids: Collection[int] | None = None, limit: int = 500
) -> list[Event]:
    """What happened to a document, the newest first. One query.

    facility_ids  only events of these facilities and of the network; all when None, for a caller
                  that has already scoped the document
    """
    events = Event.objects.all() if facility_ids is None else _of_facilities(facility_ids)
    events = events.filter(subject=subject_name(subject)).select_related("actor", "on_behalf_of", "facility")
    return list(events.order_by("-at", "-id")[:limit])


def actors_of(subjects: Collection[str]) -> set[int]:
    """Everybody who did anything to one of these documents, by public id, or in whose name it was done.

    One query.
    """
    events = Event.objects.filter(subject__in=subjects, actor__isnull=False).order_by()
    pairs = events.values_list("actor_id", "on_behalf_of_id").distinct()
    return {person for pair in pairs for person in pair if person is not None}


def event_named(public_id: str, *, facility_ids: Collection[int]) -> Event | None:
    """One event of these facilities or of the network. One query."""
    found = _of_facilities(facility_ids).filter(public_id=public_id)
    return found.select_related("actor", "on_behalf_of", "facility").first()


def differences(event: Event) -> list[Difference]:
    """The fields of before and after that differ, by name; nested ones as `total.amount`."""
    before, after = dict(_flat(event.before)), dict(_flat(event.after))
    names = dict.fromkeys([*before, *after])
    return [
        Difference(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        yield name, ", ".join(str(inner) for inner in value)
    elif name:
        yield name, "" if value is None else str(value)


def _of_facilities(facility_ids: Collection[int]) -> QuerySet[Event]:
    return Event.objects.filter(Q(facility_id__in=facility_ids) | Q(facility_id=None))


def _older_than(events: QuerySet[Event], public_id: str) -> QuerySet[Event]:
    last = Event.objects.filter(public_id=public_id).values("at", "id").first()
    if last is None:
        return events.none()
    return events.filter(at__lte=last["at"]).exclude(at=last["at"], id__gte=last["id"])
