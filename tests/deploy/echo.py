"""A web server that answers with what it was sent: what nginx passes on."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        told = {"headers": {name.lower(): value for name, value in self.headers.items()}}
        told["size"] = len(self.rfile.read(length))
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_GET

    def log_message(self, *arguments) -> None:
        """Says nothing."""


def started() -> ThreadingHTTPServer:
    """A running echo on a free port of loopback; the caller shuts it down."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    return server
