"""What a screen is given: a request that `screen` has let through."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    # This package names an application, and is read before any model may be.
    from django_htmx.middleware import HtmxDetails

    from hms_ach.access.models import User


class Request(HttpRequest):
    """A request of a signed-in person. Named in signatures; Django makes the plain one."""

    user: "User"
    htmx: "HtmxDetails"
