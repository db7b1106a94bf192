"""The card brands that a text names: what a processor pays by brand is no other brand's."""

import re

_BRANDS = {
    "AMEX": r"AMEX|AMERICAN\s?EXPRESS|AXP",
    "DINERS": r"DINERS(?:\s?CLUB)?",
    "DISCOVER": r"DISC(?:OVER)?|DSCVR",
    "GIROCARD": r"GIRO\s?CARD|EC-?CASH",
    "JCB": r"JCB",
    "MAESTRO": r"MAESTRO",
    "MASTERCARD": r"MASTER\s?CARD|MSTRCRD|MC|ECMC",
    "UNIONPAY": r"UNION\s?PAY",
    "VISA": r"VISA",
}
_NAMED = re.compile(
    r"(?<![A-Z0-9])(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _BRANDS.items())
    + r")(?![A-Z0-9])",
    re.IGNORECASE,
)


def brands_in(*texts: str) -> frozenset[str]:
    """By the names of this file; empty where none is named."""
    return frozenset(str(found.lastgroup) for text in texts for found in _NAMED.finditer(text))
