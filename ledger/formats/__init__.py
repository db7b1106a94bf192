"""File readers and writers; no Django."""
