"""Original files kept unchanged with their SHA-256."""
