"""Arithmetic on values; no Django."""
