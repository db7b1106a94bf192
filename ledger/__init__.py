"""The book: accounts, entries, periods and GL batches. Knows no other app."""
