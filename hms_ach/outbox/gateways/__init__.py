"""The way out to other systems."""
