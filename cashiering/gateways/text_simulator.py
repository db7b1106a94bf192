"""A gateway for text messages on loopback, for demonstrations: HTTP, as docs/operations.md says.

It sends nothing anywhere: each message is said once, by its key, with the last two digits of its number.
Numbers that end so behave on purpose:
03  busy: the answer is 503, and the message is tried again later
22  refused: the answer is 422, and the message is given up
"""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS = {"03": 503, "22": 422}
MOST_BYTES = 4_096


class TextGateway(ThreadingHTTPServer):
    """Serves on a port of loopback until it is shut down."""

    daemon_threads = True

    def __init__(self, port: int, *, say: Callable[[str], object]) -> None:
        super().__init__(("127.0.0.1", port), _Message)
        self.say, self.heard = say, set[str]()


class _Message(BaseHTTPRequestHandler):
    server: TextGateway

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        status = self._answer(self.rfile.read(size)) if 0 < size <= MOST_BYTES else 413
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, body: bytes) -> int:
        try:
            said = json.loads(body)
            number, text = str(said["to"]), str(said["text"])
        except (ValueError, KeyError, TypeError):
            return 400
        status, key = ANSWERS.get(number[-2:], 202), self.headers.get("Idempotency-Key", "")
        if status == 202 and key not in self.server.heard:
            self.server.heard.add(key)
            self.server.say(f"Text message to •••• {number[-2:]}: {text}")
        return status

    def log_message(self, *_parts) -> None:
        """What is said is said by the gateway itself."""
