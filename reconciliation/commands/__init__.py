"""Changes; the only code that writes."""
