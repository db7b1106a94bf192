"""Questions of the till; never write.

drawers    expected_cash, drawer_flows, cash_to_bank
payments   payments_of, payment_shown
the bank   awaiting_bank, AwaitingBank
the day    day_state, DayState, DayItem
home       waiting
"""

from cashiering.queries.awaiting_bank import AwaitingBank, awaiting_bank
from cashiering.queries.day_state import DayItem, DayState, day_state
from cashiering.queries.expected_cash import cash_to_bank, drawer_flows, expected_cash
from cashiering.queries.payment import PaymentShown, payment_shown, payments_of
from cashiering.queries.waiting import waiting

__all__ = [
    "AwaitingBank",
    "DayItem",
    "DayState",
    "PaymentShown",
    "awaiting_bank",
    "cash_to_bank",
    "day_state",
    "drawer_flows",
    "expected_cash",
    "payment_shown",
    "payments_of",
    "waiting",
]
