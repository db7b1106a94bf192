"""What all statements of the book say of themselves."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hms_ach import clock
from hms_ach.access.models import Facility, User
from ledger.queries import Scope
from ledger.rules.definitions import DEFINITIONS


def facts_of(
    statement: str,
    scope: Scope,
    *,
    actor: User,
    more: Sequence[tuple[str, str]] = (),
    book: Sequence[tuple[str, str]] = (),
    days: str = "",
) -> tuple[tuple[str, str], ...]:
    """What was asked, when and by whom it was produced, and what its figures are.

    more  what this statement was narrowed by besides entity, facilities, days and moment
    book  whose figures they are, where that is not the scope's entity and facilities
    days  of which they are, in words, where that is not the scope's days
    """
    now = clock.now().astimezone(ZoneInfo(scope.timezone))
    return (
        *(book or _own_book(scope)),
        ("Days", days or days_in_words(scope.since, scope.until)),
        ("As known at", clock.moment_in_words(scope.known_at) if scope.known_at else "now"),
        *([("Closing entry of the year", "left out")] if scope.before_closing else []),
        *more,
        ("Produced", clock.moment_in_words(now)),
        ("Produced by", f"{actor.get_full_name()} ({actor.get_username()})"),
        ("Definition", DEFINITIONS[statement].text),
    )


def _own_book(scope: Scope) -> list[tuple[str, str]]:
    return [
        ("Legal entity", f"{scope.legal_entity.code} {scope.legal_entity.name}"),
        ("Facilities", ", ".join(facility.code for facility in scope.facilities)),
    ]


def file_name(statement: str, scope: Scope, *more: str) -> str:
    return "-".join([statement, scope.legal_entity.code, *more, scope.until.isoformat()])


def moment_at(moment: datetime, place: Facility) -> datetime:
    """The moment on the facility's clock."""
    return moment.astimezone(ZoneInfo(place.timezone))


def days_in_words(since: date | None, until: date) -> str:
    """ "Nov 1, 2026 to Nov 26, 2026"; from the beginning on without a first day."""
    end = clock.in_words(until)
    return f"{clock.in_words(since)} to {end}" if since else f"up to and with {end}"
