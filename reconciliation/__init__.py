"""The bank: statements, matches, discrepancies and the day's close."""
