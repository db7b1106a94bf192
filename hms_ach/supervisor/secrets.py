"""The secrets of an installation that nobody set by hand: made once, kept in a private file."""

import base64
import os
import secrets
from pathlib import Path

_MAKERS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "DATABASE_SUPERUSER_PASSWORD": lambda: secrets.token_hex(24),
    "DATABASE_OWNER_PASSWORD": lambda: secrets.token_hex(24),
    "DATABASE_APP_PASSWORD": lambda: secrets.token_hex(24),
    "DEMO_PASSWORD": lambda: "-".join(secrets.token_hex(2) for _ in range(4)),
    "REDIS_PASSWORD": lambda: secrets.token_hex(24),
    "VAULT_KEYS": lambda: "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    "VAULT_INDEX_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "AUDIT_SIGNING_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
}


def kept_secrets(path: Path) -> dict[str, str]:
    """Every secret of the file, after adding those it lacked. Nothing that was there ever changes."""
    known = {}
    if path.exists():
        lines = path.read_text().splitlines()
        known = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    missing = {name: make() for name, make in _MAKERS.items() if name not in known}
    if missing:
        _write(path, known | missing)
    return known | missing


def _write(path: Path, values: dict[str, str]) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("# Keep this file with the backups of the data: without it encrypted columns are lost.\n")
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
