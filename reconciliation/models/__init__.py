"""Tables and their constraints."""
