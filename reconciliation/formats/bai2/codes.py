"""What BAI2's codes mean (Appendix A, Uniform BAI Balance Reporting Transaction Codes)."""

from functools import cache

# Balances of the account summary under the names that all readers use.
BALANCES = {"010": "OPBD", "015": "CLBD", "030": "ITBD", "040": "OPAV", "045": "CLAV", "060": "ITAV"}
GROUP_STATUS = {"1": "update", "2": "deletion", "3": "correction", "4": "test only"}
INTERIM = ("1", "3")  # as-of-date modifier: interim previous day, interim same day


@cache
def sign_of(code: str) -> int | None:
    """1 for a credit, -1 for a debit, 0 for information without an amount; None for no such code."""
    if not (len(code) == 3 and code.isascii() and code.isdigit()):
        return None
    number = int(code)
    if 101 <= number <= 399 or 720 <= number <= 759 or 920 <= number <= 959:
        return 1
    if 401 <= number <= 699 or 760 <= number <= 799 or 960 <= number <= 999:
        return -1
    return 0 if number == 890 else None


def is_balance(code: str) -> bool:
    """Status codes hold balances; the others of a summary count and add up transactions."""
    return (len(code) == 3 and code[0] == "0") or code in {"701", "703"} or "900" <= code <= "919"
