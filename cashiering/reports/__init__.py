"""Figures over many rows."""
