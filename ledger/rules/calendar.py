"""Where the days of a book begin."""

from datetime import date, timedelta

# Before any entry that a book of ours may hold: filters take no earlier day.
BEGINNING = date(1900, 1, 1)

# What lists of entries show where no first day was chosen.
LAST_DAYS = timedelta(days=31)
