"""A card terminal for demonstrations and tests: TCP on loopback, one line of JSON each way.

Asked                                               Answered
{"ask": "sale", "reference", "amount", "currency"}  {"result", "reference", "brand", "last4", "auth_code"}
{"ask": "void", "reference", "sale"}                the same
{"ask": "refund", "reference", "sale", "amount", "currency"}  the same; a refund lowers the open batch
{"ask": "query", "reference"}                       the answer given before; declined when never seen
{"ask": "close_batch", "number", "currency"}        {"gross": {"amount", "currency"}, "sales"}

Amounts that end in these cents behave on purpose:
.05  declined: insufficient funds
.54  declined: expired card
.98  approved, but the answer is lost on the way (query finds the sale)
.99  nothing happens: the request is lost (query finds nothing)
"""

import hashlib
import json
import socketserver
from threading import Lock
from typing import Any

from hms_ach.money import Money

DECLINES = {"05": "Insufficient funds", "54": "Expired card"}
ANSWER_LOST = "98"
REQUEST_LOST = "99"
_CARDS = [("Visa", "4242"), ("Mastercard", "5454"), ("Amex", "0005"), ("Discover", "9424")]


class SimulatedTerminal:
    """The memory of one terminal: sales by reference, and batches that were closed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[str, dict[str, Any]] = {}
        self._open: dict[str, Money] = {}
        self._closed: dict[int, dict[str, Any]] = {}

    def answer(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to one request, or None when none is sent."""
        with self._lock:
            return _ASKS.get(asked.get("ask", ""), SimulatedTerminal._refuse)(self, asked)

    def _sale(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        reference, cents = asked["reference"], asked["amount"][-2:]
        if cents == REQUEST_LOST:
            return None
        if reference not in self._answers:
            self._answers[reference] = self._authorised(reference, asked)
        return None if cents == ANSWER_LOST else self._answers[reference]

    def _authorised(self, reference: str, asked: dict[str, Any]) -> dict[str, Any]:
        reason = DECLINES.get(asked["amount"][-2:])
        if reason:
            return {"result": "declined", "reference": reference, "message": reason}
        self._open[reference] = Money.parse(asked["amount"], asked["currency"])
        digest = hashlib.sha256(reference.encode()).hexdigest()
        brand, last4 = _CARDS[int(digest[0], 16) % len(_CARDS)]
        return {
            "result": "approved",
            "reference": reference,
            "message": "Approved",
            "brand": brand,
            "last4": last4,
            "auth_code": digest[:6].upper(),
        }

    def _void(self, asked: dict[str, Any]) -> dict[str, Any]:
        reference = asked["reference"]
        if reference not in self._answers:
            undone = self._open.pop(asked["sale"], None)
            result, message = (
                ("declined", "No such sale in the open batch") if undone is None else ("approved", "Voided")
            )
            self._answers[reference] = {"result": result, "reference": reference, "message": message}
        return self._answers[reference]

    def _refund(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """As a sale answers, with the amount below zero in the batch."""
        answer = self._sale(asked)
        reference = asked["reference"]
        if reference in self._open and self._open[reference].minor > 0:
            self._open[reference] = -self._open[reference]
        return answer

    def _query(self, asked: dict[str, Any]) -> dict[str, Any]:
        never = {"result": "declined", "reference": asked["reference"], "message": "Never received"}
        return self._answers.get(asked["reference"], never)

    def _close_batch(self, asked: dict[str, Any]) -> dict[str, Any]:
        number = asked["number"]
        if number not in self._closed:
            gross = sum(amount.minor for amount in self._open.values())
            total = Money(gross, asked["currency"]).as_json()
            self._closed[number] = {"gross": total, "sales": len(self._open)}
            self._open.clear()
        return self._closed[number]

    def _refuse(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"result": "refused", "message": "Ask for sale, void, refund, query or close_batch"}


_ASKS = {
    "sale": SimulatedTerminal._sale,
    "void": SimulatedTerminal._void,
    "refund": SimulatedTerminal._refund,
    "query": SimulatedTerminal._query,
    "close_batch": SimulatedTerminal._close_batch,
}


class _Line(socketserver.StreamRequestHandler):
    server: "SimulatorServer"

    def handle(self) -> None:
        line = self.rfile.readline(4096)
        try:
            answer = self.server.terminal.answer(json.loads(line))
        except (KeyError, TypeError, ValueError):
            answer = {"result": "refused", "message": "The request cannot be read"}
        if answer is not None:
            self.wfile.write(json.dumps(answer).encode() + b"\n")


class SimulatorServer(socketserver.ThreadingTCPServer):
    """Serves one simulated terminal on loopback; port 0 chooses a free one."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Line)
        self.terminal = SimulatedTerminal()
