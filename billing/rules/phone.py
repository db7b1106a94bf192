"""Finding a phone number that is stored encrypted."""

import re

from hms_ach import vault


def phone_index(phone: str) -> str:
    """The blind index of a phone's digits, alike however it is written; empty below six digits."""
    digits = re.sub(r"\D", "", phone)
    return vault.blind_index(digits, "billing_patient.phone") if len(digits) >= 6 else ""
