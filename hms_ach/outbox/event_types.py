"""The events that exist; docs/events.md explains each, and a test compares the two."""

EVENT_TYPES = (
    "invoice.issued",
    "invoice.paid",
    "invoice.cancelled",
    "payment.received",
    "payment.voided",
    "cash.over_short",
    "deposit.handed_over",
    "reconciliation.matched",
    "discrepancy.opened",
    "discrepancy.resolved",
    "gl_batch.approved",
    "period.closed",
    "webhook.test",
)
