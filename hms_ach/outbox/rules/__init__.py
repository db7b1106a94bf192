"""Decisions on values: addresses, retries, envelopes. No Django."""
