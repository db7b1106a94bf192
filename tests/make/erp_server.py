"""A real SFTP server of a general ledger on loopback, with the faults that such servers have."""

import io
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import paramiko

from tests.make.bank_server import private_key

FOLDER = "/inbound"


class Erp:
    """Files land below `root`. `breaks` names what goes wrong at the next try, and is used up by it:

    "upload" (the connection ends half-way), "before placing" and "after placing" (it ends around the
    renaming), "full" (the server takes no more bytes), "denied" (it refuses the renaming).
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.breaks = ""
        self.is_taking = False
        self.host_key = paramiko.Ed25519Key.from_private_key(io.StringIO(private_key()))
        self.password = "a long password"
        self.public_keys: list[bytes] = []
        self.port = 0
        self.transports: list[paramiko.Transport] = []
        self.lacks: dict[str, list[str]] = {}

    @property
    def host_key_line(self) -> str:
        return f"{self.host_key.get_name()} {self.host_key.get_base64()}"

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}{FOLDER}"

    def names(self) -> list[str]:
        return sorted(path.name for path in self.root.iterdir())

    def used_up(self, fault: str) -> bool:
        if self.breaks != fault:
            return False
        self.breaks = ""
        return True

    def hang_up(self) -> None:
        for transport in self.transports:
            transport.close()


class _Door(paramiko.ServerInterface):
    def __init__(self, erp: Erp) -> None:
        self._erp = erp

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        is_right = (username, password) == ("hms", self._erp.password)
        return paramiko.AUTH_SUCCESSFUL if is_right else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        is_known = username == "hms" and key.asbytes() in self._erp.public_keys
        return paramiko.AUTH_SUCCESSFUL if is_known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Handle(paramiko.SFTPHandle):
    def __init__(self, erp: Erp, file, flags: int) -> None:
        super().__init__(flags)
        self._erp = erp
        self.readfile = self.writefile = file

    def write(self, offset: int, data: bytes) -> int:
        if self._erp.used_up("full"):
            return paramiko.SFTP_FAILURE
        if self._erp.used_up("upload"):
            self._erp.hang_up()
        return super().write(offset, data)

    def stat(self):
        self.writefile.flush()
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))


class _Shelf(paramiko.SFTPServerInterface):
    def __init__(self, server, *, erp: Erp) -> None:
        super().__init__(server)
        self._erp = erp

    def _path(self, path: str) -> Path:
        assert path.startswith(f"{FOLDER}/"), path
        return self._erp.root / path.removeprefix(f"{FOLDER}/")

    def list_folder(self, path: str):
        if path != FOLDER:
            return paramiko.SFTP_NO_SUCH_FILE
        return [
            paramiko.SFTPAttributes.from_stat(each.stat(), each.name) for each in self._erp.root.iterdir()
        ]

    def stat(self, path: str):
        try:
            return paramiko.SFTPAttributes.from_stat(self._path(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path: str, flags: int, attr):
        try:
            handle = os.open(self._path(path), flags, 0o640)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        is_written = flags & (os.O_WRONLY | os.O_RDWR)
        return _Handle(self._erp, os.fdopen(handle, "wb" if is_written else "rb"), flags)

    def rename(self, oldpath: str, newpath: str) -> int:
        if self._erp.used_up("denied"):
            return paramiko.SFTP_PERMISSION_DENIED
        if self._erp.used_up("before placing"):
            self._erp.hang_up()
            return paramiko.SFTP_FAILURE
        if self._path(newpath).exists():
            return paramiko.SFTP_FAILURE
        self._path(oldpath).rename(self._path(newpath))
        if self._erp.is_taking:
            self._path(newpath).unlink()
        if self._erp.used_up("after placing"):
            self._erp.hang_up()
        return paramiko.SFTP_OK


@contextmanager
def erp_server(root: Path) -> Iterator[Erp]:
    erp, listening = Erp(root), socket.create_server(("127.0.0.1", 0))
    erp.port = listening.getsockname()[1]

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection, disabled_algorithms=erp.lacks)
            erp.transports.append(transport)
            transport.add_server_key(erp.host_key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Shelf, erp=erp)
            try:
                transport.start_server(server=_Door(erp))
            except (paramiko.SSHException, EOFError):
                transport.close()

    Thread(target=serve, daemon=True).start()
    try:
        yield erp
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        erp.hang_up()
