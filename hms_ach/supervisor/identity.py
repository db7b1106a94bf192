"""Under which operating system user the database runs, and where its files may lie."""

import hashlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hms_ach.supervisor.process import CannotStart


@dataclass(frozen=True)
class Identity:
    """The user that runs PostgreSQL and Redis: ourselves, or `nobody` when we are root."""

    uid: int
    gid: int
    is_other: bool

    @property
    def popen_options(self) -> dict:
        """What subprocess needs to become this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> Path:
        """Make a private directory (0700) that belongs to this user."""
        path.mkdir(parents=True, exist_ok=True)
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)
        return path

    def can_reach(self, path: Path) -> bool:
        """Whether this user may pass through every directory above an absolute path."""
        return not self.is_other or all(self._may_enter(parent) for parent in path.parents if parent.exists())

    def _may_enter(self, directory: Path) -> bool:
        status = directory.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


def database_identity() -> Identity:
    """Ourselves, or `nobody` when we are root, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), is_other=False)
    nobody = pwd.getpwnam("nobody")
    return Identity(nobody.pw_uid, nobody.pw_gid, is_other=True)


def reachable(directory: Path, identity: Identity) -> Path:
    """The directory itself, or a stand-in under /var/lib when its user cannot get there.

    A checkout under root's home is closed to everybody else.
    """
    if identity.can_reach(directory):
        return directory
    return Path("/var/lib/hms-ach") / _digest(directory)


def socket_directory(data: Path, identity: Identity) -> Path:
    """A private directory for sockets, short enough for their limit of 107 bytes."""
    name = f"hms-ach-{os.geteuid()}-{_digest(data)}"
    directory = Path(tempfile.gettempdir()) / name
    if directory.is_symlink() or (directory.exists() and directory.stat().st_uid not in {identity.uid, 0}):
        raise CannotStart(f"{directory} belongs to somebody else. Remove it, or set TMPDIR to another place.")
    return identity.own(directory)


def mirrored(package_root: Path, *, folders: tuple[str, ...], into: Path, identity: Identity) -> Path:
    """Where the database's user finds these folders of site-packages: there, or in a copy.

    Relative library paths between the folders stay right in the copy.
    """
    if all(identity.can_reach(package_root / name / "x") for name in folders):
        return package_root
    for name in folders:
        if (package_root / name).exists() and not (into / name).exists():
            unfinished = into / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(package_root / name, unfinished, ignore=shutil.ignore_patterns("include", "pgxs"))
            unfinished.rename(into / name)
    return into


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
