"""Pictures of cheques and stubs: which cheque each shows, by its file's name. docs/formats/lockbox.md."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import BinaryIO

from cashiering.formats.findings import Findings
from hms_ach import archive
from hms_ach.refusal import FileRejected

MAX_BYTES = 10_000_000
MAX_TEXT = 64_000_000
# All pictures of a ZIP are held together: they are compressed already, and so hardly larger than the ZIP.
MAX_TOGETHER = 100_000_000
# Groups of digits that tell the lockbox and the day, then batch, item, and what the picture shows.
_NAME = re.compile(
    r"((?:[0-9]{4,8}[-_ ])*)([0-9]{1,3})[-_ ]([0-9]{1,3})(?:[-_ ]?([A-Z]+)[-_ ]?([0-9]{0,2}))?", re.ASCII
)
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
)


class Side(StrEnum):
    """What a picture shows."""

    FRONT = "FRONT"
    BACK = "BACK"
    STUB = "STUB"


_SIDES = {
    **dict.fromkeys(("", "F", "FRONT", "CHECK", "CHEQUE"), Side.FRONT),
    **dict.fromkeys(("B", "BACK", "R", "REAR"), Side.BACK),
    **dict.fromkeys(("S", "STUB", "C", "COUPON", "D", "DOC"), Side.STUB),
}


@dataclass(frozen=True, slots=True)
class LockboxImage:
    """One picture. batch and item as three digits, like the file's; page from 1.

    words  further numbers of its name: they must be the deposit's lockbox or day
    """

    line: int
    name: str
    media_type: str
    content: bytes
    words: tuple[str, ...]
    batch: str
    item: str
    side: Side
    page: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def place(self) -> tuple:
        """What no other picture of the file may show too."""
        return (self.words, self.batch, self.item, self.side, self.page)

    def is_of(self, lockbox: str, day: date) -> bool:
        """Whether nothing of its name contradicts that deposit."""
        known = {lockbox, lockbox.lstrip("0"), f"{day:%y%m%d}", f"{day:%Y%m%d}"}
        return all(word in known or word.lstrip("0") in known for word in self.words)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a ZIP holds, or the one file that was sent: pictures, and the lockbox file if it is there."""

    images: list[LockboxImage]
    text: bytes | None = None


def unpack(source: BinaryIO, *, name: str) -> Unpacked:
    """The pictures in file order, and the file that is none. source can seek; name is the sender's for it.

    Raises FileRejected with all findings: a picture whose name lacks batch and item, one larger than ten
    million bytes, all of them larger than a hundred million, two of one side and page, two files that are no
    pictures; and for a hostile archive.
    """
    findings, size = Findings("lockbox pictures"), 0
    found: dict[tuple, LockboxImage] = {}
    text: bytes | None = None
    for line, (called, pieces) in enumerate(_files(source, name), start=1):
        head = next(pieces, b"")
        media_type = next((kind for magic, kind in _KINDS if head.startswith(magic)), "")
        content = b"".join(_limited(called, head, pieces, MAX_BYTES if media_type else MAX_TEXT))
        if media_type:
            size += len(content)
            if size > MAX_TOGETHER:
                raise FileRejected(0, f"the pictures are larger than {MAX_TOGETHER:,} bytes together")
            image = _image(line, called, media_type, content, findings)
            if image is not None and found.setdefault(image.place, image) is not image:
                findings.bad(
                    line, "name", called[-60:], f"shows the same as {found[image.place].name}", "name"
                )
        elif text is None:
            text = content
        else:
            findings.bad(line, "file", called[-60:], "is no picture (PNG, JPEG, TIFF, PDF)", "content")
    findings.refuse()
    return Unpacked(list(found.values()), text)


def is_packed(head: bytes) -> bool:
    """Whether a file is a ZIP or a picture, and no lockbox file by itself."""
    return archive.is_archive(head) or any(head.startswith(magic) for magic, _kind in _KINDS)


def _files(source: BinaryIO, name: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    head = source.read(8)
    source.seek(0)
    if archive.is_archive(head):
        yield from archive.members(source)
    else:
        yield name, iter(lambda: source.read(64 * 1024), b"")


def _limited(name: str, head: bytes, pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    size = len(head)
    yield head
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise FileRejected(0, f"{name[-60:]} is larger than {most:,} bytes")
        yield piece


def _image(
    line: int, called: str, media_type: str, content: bytes, findings: Findings
) -> LockboxImage | None:
    stem = re.split(r"[\\/]", called)[-1].rpartition(".")[0].upper()
    said = _NAME.fullmatch(stem)
    page = int(said[5] or 1) if said else 0
    if said is None or (said[4] or "") not in _SIDES or not page:
        findings.bad(
            line, "name", called[-60:], "does not tell batch and item, as 001-002-F.png does", "name"
        )
        return None
    return LockboxImage(
        line=line,
        name=called,
        media_type=media_type,
        content=content,
        words=tuple(re.findall(r"[0-9]+", said[1])),
        batch=said[2].zfill(3),
        item=said[3].zfill(3),
        side=_SIDES[said[4] or ""],
        page=page,
    )
