"""How long a sign-in lasts: 15 minutes without a request, 12 hours in any case; decided on the server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from hms_ach import clock

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)

# The session row is written at most this often, so that reading pages does not write.
_RENEWED_EVERY = timedelta(seconds=30)

IDLE_SENTENCE = "You were signed out after 15 minutes without activity. Sign in to go on where you were."
ABSOLUTE_SENTENCE = "You were signed out 12 hours after signing in. Sign in to go on where you were."


class SessionLimits:
    """Ends sessions that were idle or open too long, and says so on the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only a session that somebody signed in to has limits; reading its key makes no query.
        if request.session.session_key and request.user.is_authenticated:
            _end_or_renew(request)
        return self.get_response(request)


def _end_or_renew(request: HttpRequest) -> None:
    now = clock.now()
    signed_in_at = _moment(request, "signed_in_at") or now
    seen_at = _moment(request, "seen_at") or now
    if now - signed_in_at > ABSOLUTE:
        _end(request, ABSOLUTE_SENTENCE)
    elif now - seen_at > IDLE:
        _end(request, IDLE_SENTENCE)
    elif "seen_at" not in request.session or now - seen_at > _RENEWED_EVERY:
        request.session["signed_in_at"] = signed_in_at.timestamp()
        request.session["seen_at"] = now.timestamp()


def _end(request: HttpRequest, sentence: str) -> None:
    logout(request)
    messages.info(request, sentence)


def _moment(request: HttpRequest, name: str) -> datetime | None:
    seconds = request.session.get(name)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
