"""Real servers of a bank on loopback: SFTP, and HTTPS that asks for a client certificate."""

import io
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

import paramiko
import trustme


class SftpBank:
    """Files by name; `hits` are the names that were read. Nothing else may be done: see `changes`.

    breaking   names at which the connection breaks as they are read
    forbidden  names that nobody may open
    is_closing whether the door is closed behind the first who comes in
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.changed_at: dict[str, int] = {}
        self.hits: list[str] = []
        self.changes: list[str] = []
        self.host_key = paramiko.Ed25519Key.from_private_key(io.StringIO(private_key()))
        self.password = "a long password"
        self.public_keys: list[bytes] = []
        self.breaking: set[str] = set()
        self.forbidden: set[str] = set()
        self.port = 0
        self.is_closing = False

    @property
    def host_key_line(self) -> str:
        return f"{self.host_key.get_name()} {self.host_key.get_base64()}"

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}/outbox"


def private_key() -> str:
    """A new Ed25519 key in OpenSSH form."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
        .decode()
    )


class _Door(paramiko.ServerInterface):
    def __init__(self, bank: SftpBank, transport: paramiko.Transport) -> None:
        self._bank, self.transport = bank, transport

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        is_right = (username, password) == ("hms", self._bank.password)
        return paramiko.AUTH_SUCCESSFUL if is_right else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        is_known = username == "hms" and key.asbytes() in self._bank.public_keys
        return paramiko.AUTH_SUCCESSFUL if is_known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Handle(paramiko.SFTPHandle):
    def __init__(self, content: bytes, transport: paramiko.Transport | None = None) -> None:
        super().__init__()
        self._content, self._breaking = content, transport

    def read(self, offset: int, length: int) -> bytes:
        if self._breaking:
            self._breaking.sock.close()
        return self._content[offset : offset + length]

    def stat(self) -> paramiko.SFTPAttributes:
        return _attributes("", self._content, 0)


def _attributes(name: str, content: bytes, changed_at: int) -> paramiko.SFTPAttributes:
    about = paramiko.SFTPAttributes()
    about.filename, about.st_size = name, len(content)
    about.st_mode, about.st_mtime, about.st_atime = 0o100644, changed_at, changed_at
    return about


class _Shelf(paramiko.SFTPServerInterface):
    def __init__(self, server, *, bank: SftpBank) -> None:
        super().__init__(server)
        self._bank, self._transport = bank, server.transport

    def list_folder(self, path: str):
        assert path == "/outbox"
        bank = self._bank
        return [_attributes(name, each, bank.changed_at.get(name, 1)) for name, each in bank.files.items()]

    def open(self, path: str, flags: int, attr):
        name = path.rpartition("/")[2]
        if name in self._bank.forbidden:
            return paramiko.SFTP_PERMISSION_DENIED
        self._bank.hits.append(name)
        return _Handle(self._bank.files[name], self._transport if name in self._bank.breaking else None)

    def remove(self, path: str) -> int:
        self._bank.changes.append(f"remove {path}")
        return paramiko.SFTP_OK

    def rename(self, oldpath: str, newpath: str) -> int:
        self._bank.changes.append(f"rename {oldpath}")
        return paramiko.SFTP_OK


@contextmanager
def sftp_bank() -> Iterator[SftpBank]:
    bank, listening = SftpBank(), socket.create_server(("127.0.0.1", 0))
    bank.port = listening.getsockname()[1]
    transports: list[paramiko.Transport] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transports.append(transport)
            if bank.is_closing:
                listening.close()
            transport.add_server_key(bank.host_key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Shelf, bank=bank)
            try:
                transport.start_server(server=_Door(bank, transport))
            except (paramiko.SSHException, EOFError):
                transport.close()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield bank
    finally:
        if not bank.is_closing:
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for transport in transports:
            transport.close()


class HttpsBank:
    """Files by name behind TLS; `asked` are the paths that were asked for, with the method."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.listing: bytes | None = None
        self.authority = trustme.CA()
        self.clients = trustme.CA()
        self.place = ""

    @property
    def authorities(self) -> str:
        return self.authority.cert_pem.bytes().decode()

    def client_secret(self, authority: trustme.CA | None = None) -> str:
        """A certificate and key of a client that the bank knows, or of another authority's."""
        issued = (authority or self.clients).issue_cert("hms.example.com")
        return (issued.private_key_and_cert_chain_pem.bytes()).decode()


@contextmanager
def https_bank() -> Iterator[HttpsBank]:
    bank = HttpsBank()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bank.asked.append(f"GET {self.path}")
            name = unquote(self.path.removeprefix("/list/"))
            if self.path == "/list/":
                listed = [{"name": each, "tag": str(hash(content))} for each, content in bank.files.items()]
                content = bank.listing if bank.listing is not None else json.dumps(listed).encode()
            else:
                content = bank.files.get(name, b"")
            self.send_response(200 if content else 404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_) -> None:
            """Say nothing."""

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    bank.authority.issue_cert("127.0.0.1").configure_cert(context)
    bank.clients.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    bank.place = f"https://127.0.0.1:{server.server_port}/list/"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield bank
    finally:
        server.shutdown()
        server.server_close()
