"""The way from an entry to the document that caused it."""

from django.urls import NoReverseMatch, reverse

# The kind a caller gives to post_entry → the screen of that document, which takes its public id.
# Named by text, because the book knows none of the apps above it.
SCREENS = {
    "invoice": "billing:invoice-detail",
    "payment": "cashiering:payment-detail",
    "payment_void": "cashiering:payment-detail",
    "session": "cashiering:session-detail",
    "deposit": "cashiering:deposit-detail",
    "card_batch": "cashiering:card-batch-detail",
    "match": "reconciliation:match-detail",
    "discrepancy": "reconciliation:discrepancy-detail",
    "statement": "reconciliation:statement-detail",
}


def source_url(kind: str, public_id: str) -> str:
    """The address of the document; empty when it has no screen of its own."""
    try:
        return reverse(SCREENS[kind], args=[public_id]) if kind in SCREENS else ""
    except NoReverseMatch:
        return ""
