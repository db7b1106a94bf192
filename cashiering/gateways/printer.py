"""A receipt printer on the network: takes ESC/POS bytes on a TCP port and answers nothing."""

import socket

from cashiering.rules.printer_address import host_and_port

CONNECT_SECONDS = 3.0
SEND_SECONDS = 10.0


class PrinterAway(Exception):
    """Nobody took the connection: nothing was printed."""


class PrinterLost(Exception):
    """The connection broke on the way: whether it was printed is not known."""


def print_at(address: str, content: bytes) -> None:
    """Hand bytes to the printer at "host:port". Raises PrinterAway or PrinterLost."""
    if not address:
        raise PrinterAway("the register has no printer any more")
    try:
        wire = socket.create_connection(host_and_port(address), timeout=CONNECT_SECONDS)
    except (OSError, UnicodeError) as error:
        raise PrinterAway(str(error)) from error
    with wire:
        try:
            wire.settimeout(SEND_SECONDS)
            wire.sendall(content)
            wire.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise PrinterLost(str(error)) from error
