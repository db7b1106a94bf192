"""The card terminal: what it can be asked, and a client for terminals that speak JSON lines over TCP.

One line of JSON is a request, one line the answer. The simulator (`manage.py terminal_simulator`)
speaks the same; its docstring lists the members.
"""

import json
import socket
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

from hms_ach.money import Money

CONNECT_SECONDS = 2.0
# A cardholder needs a while to insert a card and enter a number.
ANSWER_SECONDS = 90.0
LONGEST_LINE = 4096
SIMULATOR = "simulator"


class TerminalSilent(Exception):
    """No usable answer came: what became of the request is unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terminal said of one request. Never a card number."""

    is_approved: bool
    message: str
    brand: str = ""
    last4: str = ""
    auth_code: str = ""


@dataclass(frozen=True, slots=True)
class BatchTotal:
    """What the terminal counted from one batch close to the next."""

    gross: Money
    sales: int


class Terminal(Protocol):
    """A semi-integrated terminal. Every method raises TerminalSilent when no answer comes."""

    def sale(self, *, reference: str, amount: Money) -> Answer: ...

    def void(self, *, reference: str, sale: str) -> Answer: ...

    def refund(self, *, reference: str, amount: Money, sale: str) -> Answer: ...

    def query(self, *, reference: str) -> Answer: ...

    def close_batch(self, *, number: int, currency: str) -> BatchTotal: ...


@dataclass(frozen=True, slots=True)
class LineTerminal:
    """A terminal at host:port, one connection a request."""

    host: str
    port: int
    answer_seconds: float = ANSWER_SECONDS

    def sale(self, *, reference: str, amount: Money) -> Answer:
        return self._answer({"ask": "sale", "reference": reference, **amount.as_json()})

    def void(self, *, reference: str, sale: str) -> Answer:
        return self._answer({"ask": "void", "reference": reference, "sale": sale})

    def refund(self, *, reference: str, amount: Money, sale: str) -> Answer:
        return self._answer({"ask": "refund", "reference": reference, "sale": sale, **amount.as_json()})

    def query(self, *, reference: str) -> Answer:
        return self._answer({"ask": "query", "reference": reference})

    def close_batch(self, *, number: int, currency: str) -> BatchTotal:
        """Close the batch of that number; closing it again gives the same total."""
        said = self._exchange({"ask": "close_batch", "number": number, "currency": currency})
        try:
            return BatchTotal(Money.from_json(said["gross"]), int(said["sales"]))
        except (KeyError, TypeError, ValueError) as error:
            raise TerminalSilent("the batch total cannot be read") from error

    def _answer(self, asked: dict[str, Any]) -> Answer:
        said = self._exchange(asked)
        result = said.get("result")
        if result not in ("approved", "declined") or said.get("reference") != asked["reference"]:
            raise TerminalSilent("the answer cannot be read")
        last4 = str(said.get("last4", ""))[:4]
        return Answer(
            is_approved=result == "approved",
            message=str(said.get("message", ""))[:120],
            brand=str(said.get("brand", ""))[:20],
            last4=last4 if last4.isdigit() and len(last4) == 4 else "",
            auth_code=str(said.get("auth_code", ""))[:20],
        )

    def _exchange(self, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            with socket.create_connection((self.host, self.port), timeout=CONNECT_SECONDS) as wire:
                wire.settimeout(self.answer_seconds)
                wire.sendall(json.dumps(asked).encode() + b"\n")
                line = wire.makefile("rb").readline(LONGEST_LINE)
            said = json.loads(line)
        except (OSError, ValueError) as error:
            raise TerminalSilent(str(error)) from error
        if not isinstance(said, dict):
            raise TerminalSilent("the answer is not an object")
        return said


def terminal_at(address: str) -> Terminal:
    """The terminal at "host:port"; "simulator" is the one of this demonstration."""
    if address == SIMULATOR:
        return LineTerminal("127.0.0.1", settings.TERMINAL_SIMULATOR_PORT)
    host, _, port = address.rpartition(":")
    return LineTerminal(host or "127.0.0.1", int(port))
