"""One effect per Idempotency-Key, one stored reply."""
