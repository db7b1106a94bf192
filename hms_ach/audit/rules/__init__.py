"""Decisions on values: Merkle trees, frozen text, signatures. No Django."""
