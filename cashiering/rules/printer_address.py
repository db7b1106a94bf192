"""Where a receipt printer listens: host:port on the hospital's own network."""

import re

from hms_ach.refusal import Refusal

_ADDRESS = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?):([0-9]{1,5})")


class PrinterAddressMalformed(Refusal):
    code = "printer_address_malformed"
    status = 422
    sentence = "{address} is no printer's address. Write host:port, such as 10.1.2.3:9100."


def host_and_port(address: str) -> tuple[str, int]:
    """The two parts of "10.1.2.3:9100". Raises PrinterAddressMalformed."""
    found = _ADDRESS.fullmatch(address)
    if found is None or not 1 <= int(found[2]) <= 65_535:
        raise PrinterAddressMalformed(address=address[:60])
    return found[1], int(found[2])
