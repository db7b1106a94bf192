"""How soon a discrepancy must have an ending that another person approved."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hms_ach import calendars

# Hours of banking days, from when it was opened: what hides other matters or grows comes first.
LEVEL_HOURS = {
    "STATEMENT_MISSING": 8,
    "STATEMENT_BALANCE": 8,
    "STATEMENT_GAP": 8,
    "STATEMENT_ANNOUNCED": 8,
    "DUPLICATE": 24,
    "RETURNED": 24,
    "UNMATCHED_DEPOSIT": 24,
    "UNMATCHED_DEBIT": 24,
    "UNMATCHED_CREDIT": 48,
    "UNMATCHED_CARD_BATCH": 48,
    "UNMATCHED_PAYMENT": 48,
    "UNMATCHED_REMITTANCE": 48,
    "AMOUNT_DIFFERENCE": 72,
}


def due_at(opened_at: datetime, *, kind: str, timezone: str, country: str = "US") -> datetime:
    """When it should be closed: the kind's hours later, not counting days on which banks rest."""
    moment = opened_at.astimezone(ZoneInfo(timezone))
    left = timedelta(hours=LEVEL_HOURS[kind])
    while True:
        midnight = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)
        is_counted = calendars.is_banking_day(moment.date(), country=country)
        if is_counted and moment + left <= midnight:
            return moment + left
        left -= (midnight - moment) if is_counted else timedelta()
        moment = midnight


def overdue_before(now: datetime, *, kind: str, timezone: str, country: str = "US") -> datetime:
    """What was opened before this moment is overdue by now: `due_at` read backwards."""
    moment = now.astimezone(ZoneInfo(timezone))
    left = timedelta(hours=LEVEL_HOURS[kind])
    while True:
        day = (moment - timedelta(microseconds=1)).date()
        midnight = datetime.combine(day, time(), moment.tzinfo)
        is_counted = calendars.is_banking_day(day, country=country)
        if is_counted and moment - left >= midnight:
            return moment - left
        left -= (moment - midnight) if is_counted else timedelta()
        moment = midnight
