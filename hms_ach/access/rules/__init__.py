"""Rules on values."""
