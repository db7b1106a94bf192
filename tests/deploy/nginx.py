"""Starts the shipped nginx configuration on loopback: only its paths and ports are other ones."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import trustme

from tests.crash.hub import free_port

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
# What the alpine image's own nginx.conf says around ours.
_AROUND = """
daemon off;
{user}
error_log {place}/error.log;
pid {place}/nginx.pid;
events {{}}
http {{
    {temporary}
    include {place}/default.conf;
}}
"""


class RunningNginx:
    """nginx with a certificate for localhost in front of a web server."""

    def __init__(self, place: Path, *, web_port: int) -> None:
        self.place = place
        self.port, self.plain_port = free_port(), free_port()
        self.authority = trustme.CA()
        server = self.authority.issue_cert("localhost", "127.0.0.1")
        server.private_key_pem.write_to_path(place / "server.key")
        for part in server.cert_chain_pems:
            part.write_to_path(place / "server.crt", append=True)
        (place / "default.conf").write_text(self._ours(web_port))
        # Started by root, its workers would be somebody else, who may not enter the test's directory.
        user = "user root;" if os.geteuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "\n    ".join(f"{kind}_temp_path {place}/{kind};" for kind in kinds)
        (place / "nginx.conf").write_text(_AROUND.format(place=place, temporary=temporary, user=user))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen(
            [program, "-c", str(place / "nginx.conf"), "-e", str(place / "error.log")],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._wait()

    def _ours(self, web_port: int) -> str:
        text = CONFIGURATION.read_text()
        for shipped, here in {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            # Debian's nginx is older than the image's: there HTTP/2 is a word of `listen`.
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "    http2 on;\n": "",
            "/etc/nginx/tls/": f"{self.place}/",
            "http://web:8000": f"http://127.0.0.1:{web_port}",
        }.items():
            assert shipped in text, f"{shipped} is not in deploy/nginx.conf any more"
            text = text.replace(shipped, here)
        return text

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while not (self.place / "nginx.pid").exists():
            assert self.process.poll() is None, self.process.stdout and self.process.stdout.read()
            assert time.monotonic() < deadline, (self.place / "error.log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
