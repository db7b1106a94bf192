"""How a state looks: the word, a tone and a shape, so that colour never speaks alone."""

from enum import StrEnum


class Tone(StrEnum):
    """What a state asks of the reader."""

    PLAIN = "plain"  # not begun, or no longer of interest
    OPEN = "open"  # running, nothing to do
    WAITING = "waiting"  # somebody must act
    GOOD = "good"  # done
    WARN = "warn"  # look at it
    STOP = "stop"  # refused, failed, taken back


_WORDS = {
    Tone.PLAIN: "draft new none inactive cancelled closed superseded not_run undone expired hard ignored "
    "archived reversed ended withdrawn retired dropped written_off",
    Tone.OPEN: "open issued active running soft sent in_transit prepared handed_over submitted transit "
    "scheduled partly_paid queued deposited requested released",
    Tone.WAITING: "waiting pending proposed counting counted to_approve awaiting review in_review "
    "unmatched recounting recount to_verify retrying due variance_pending forced "
    "return_reported asked",
    Tone.GOOD: "paid approved matched settled delivered reconciled acknowledged received verified accepted "
    "complete completed done confirmed bank_confirmed banked balanced granted captured collected posted "
    "exact filled split",
    Tone.WARN: "overdue variance unknown short over late partial difference stale disputed degraded held "
    "partly_refunded refunded different",
    Tone.STOP: "rejected failed voided dead returned refused locked revoked blocked bounced declined "
    "unbalanced error given_up",
}
_TONES = {word: tone for tone, words in _WORDS.items() for word in words.split()}

# Bodies of a 10 by 10 drawing, in the colour of the text around them.
SHAPES = {
    Tone.PLAIN: '<circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" stroke-width="1.5" '
    'stroke-dasharray="1.6 1.4"/>',
    Tone.OPEN: '<circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" stroke-width="1.75"/>',
    Tone.WAITING: '<circle cx="5" cy="5" r="3.75" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M5 1.25a3.75 3.75 0 0 1 0 7.5z" fill="currentColor"/>',
    Tone.GOOD: '<path d="m1.5 5.4 2.4 2.5L8.6 2.4" fill="none" stroke="currentColor" stroke-width="1.9" '
    'stroke-linecap="round" stroke-linejoin="round"/>',
    Tone.WARN: '<path d="M5 1 9.3 8.8H.7z" fill="currentColor"/>',
    Tone.STOP: '<path d="m2 2 6 6M8 2 2 8" fill="none" stroke="currentColor" stroke-width="1.9" '
    'stroke-linecap="round"/>',
}


def tone_of(state: str) -> Tone:
    """The tone of a state such as "ISSUED" or "in transit"; PLAIN for a word not known here."""
    return _TONES.get(str(state).lower().replace(" ", "_"), Tone.PLAIN)


def word_of(state: str) -> str:
    """The state for people: "IN_TRANSIT" becomes "In transit"."""
    return str(state).replace("_", " ").strip().capitalize()
