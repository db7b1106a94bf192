"""What every screen shares.

Request           what a screen is given: its user is signed in
screen            declares who may open a view and with which methods
page              answers with the full page or, to htmx, its fragment
scoped_or_404     one row of the user's own facilities
KeyArea           where a public key or a certificate is typed
SecretArea        where a key or a password is typed, with ask_secret_again for a form that failed
offer             sets what may be chosen in a field of a form
refuse_on_form    shows a refusal at the form that caused it
asked_back        where the address says the person came from
asked_day, asked_days, asked_one_of, asked_page
                  what an address asks a list for, and which page of it; what means nothing is refused
"""

from hms_ach.web.asked import asked_back, asked_day, asked_days, asked_one_of, asked_page
from hms_ach.web.pages import (
    KeyArea,
    SecretArea,
    ask_secret_again,
    offer,
    page,
    refuse_on_form,
    scoped_or_404,
)
from hms_ach.web.request import Request
from hms_ach.web.screen import ANY_SIGNED_IN, screen

__all__ = [
    "ANY_SIGNED_IN",
    "KeyArea",
    "Request",
    "SecretArea",
    "ask_secret_again",
    "asked_back",
    "asked_day",
    "asked_days",
    "asked_one_of",
    "asked_page",
    "offer",
    "page",
    "refuse_on_form",
    "scoped_or_404",
    "screen",
]
