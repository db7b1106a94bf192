"""The events that exist; docs/events.md explains each, and a test compares the two."""

EVENT_TYPES = (
    "invoice.issued",
    "invoice.paid",
    "invoice.cancelled",
    "payment.received",
    "payment.voided",
    "cash.over_short",
    "reconciliation.matched",
    "discrepancy.opened",
    "gl_batch.approved",
    "gl_batch.posted",
    "gl_batch.rejected",
    "mapping.approved",
    "period.closed",
)
