"""Telephone numbers for text messages, as ITU-T E.164 writes them: +, country code, number."""

import re

from hms_ach.refusal import Refusal

# E.164 section 6: fifteen digits at most, and no country code begins with zero. Eight is the fewest in use.
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_PARTING = re.compile(r"[ ().\-/\u00a0]")


class TelephoneMalformed(Refusal):
    code = "telephone_malformed"
    status = 422
    sentence = (
        "This is not a telephone number with its country. Type +, the country code and the number, "
        "such as +1 212 555 0142."
    )


def telephone(text: str) -> str:
    """The number without what people part it with, such as "+12125550142". Raises TelephoneMalformed.

    A number without its country code is refused: which country it is in would be guessed.
    """
    number = _PARTING.sub("", text.strip())
    if not _E164.fullmatch(number):
        raise TelephoneMalformed()
    return number


def is_telephone(text: str) -> bool:
    """Whether a text message can go to what is written here."""
    return _E164.fullmatch(_PARTING.sub("", text.strip())) is not None


def masked_telephone(text: str) -> str:
    """Enough to ask "is it this one?": the last two digits. Empty stays empty."""
    digits = re.sub(r"[^0-9]", "", text)
    return f"•••• {digits[-2:]}" if digits else ""
