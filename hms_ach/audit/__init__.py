"""Append-only, sealed record of who changed what, when and why."""
