"""Questions of the till; never write.

drawers    expected_cash, drawer_flows
the bank   awaiting_bank, AwaitingBank
the day    day_state, DayState, DayItem
"""

from cashiering.queries.awaiting_bank import AwaitingBank, awaiting_bank
from cashiering.queries.day_state import DayItem, DayState, day_state
from cashiering.queries.expected_cash import drawer_flows, expected_cash

__all__ = [
    "AwaitingBank",
    "DayItem",
    "DayState",
    "awaiting_bank",
    "day_state",
    "drawer_flows",
    "expected_cash",
]
