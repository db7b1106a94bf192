"""The demo hospital."""
