"""A watched folder below the one place where banks' files may be put."""

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO, cast

from hms_ach import clock
from hms_ach.outbox.rules.failure import words_of
from reconciliation.gateways.source import MAX_LISTED, RemoteFile, SourceFailed, is_plain_name

# Whoever writes a file needs a moment to finish it.
SETTLED_SECONDS = 5
_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*){0,5}")


def is_place(text: str) -> bool:
    """Whether a text names a folder below the base: no way up, no hidden folder."""
    return bool(_PLACE.fullmatch(text)) and ".." not in text


class Folder:
    """Regular files of one folder; links are not followed, neither to it nor in it."""

    def __init__(self, base: Path, place: str) -> None:
        path = (base / place).resolve()
        if not is_place(place) or not path.is_relative_to(base.resolve()) or not path.is_dir():
            raise SourceFailed(f"there is no folder {place} below the folder for banks")
        self._path = path

    def files(self) -> list[RemoteFile]:
        now, found = clock.now().timestamp(), []
        with os.scandir(self._path) as entries:
            for entry in entries:
                if not entry.is_file(follow_symlinks=False) or not is_plain_name(entry.name):
                    continue
                about = entry.stat(follow_symlinks=False)
                if about.st_mtime > now - SETTLED_SECONDS:
                    continue
                found.append(RemoteFile(entry.name, f"{about.st_size}-{about.st_mtime_ns}"))
                if len(found) > MAX_LISTED:
                    raise SourceFailed(f"the folder holds more than {MAX_LISTED:,} files; take old ones away")
        return sorted(found, key=lambda file: file.name)

    def open(self, file: RemoteFile) -> BinaryIO:
        try:
            handle = os.open(self._path / file.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as failed:
            raise SourceFailed(f"{file.name} cannot be read: {words_of(failed)}") from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise SourceFailed(f"{file.name} is no regular file")
        return cast(BinaryIO, os.fdopen(handle, "rb"))

    def close(self) -> None:
        """Nothing is held open."""
