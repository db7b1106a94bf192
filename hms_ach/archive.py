"""Archives that others send: what is in them, with everything hostile refused before it is unpacked."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from hms_ach.refusal import FileRejected
from hms_ach.workbook import DAMAGE

MAX_MEMBERS = 200
MAX_UNPACKED = 2_000_000_000
MAX_RATIO = 200
_SMALL = 1_000_000
_PIECE = 64 * 1024
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")
# What operating systems leave in archives.
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_TRICK = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|[\x00-\x1f\x7f]")


def is_archive(head: bytes) -> bool:
    return head.startswith(_ARCHIVES)


def gunzipped(source: BinaryIO) -> Iterator[bytes]:
    """The content of a gzip file, piece by piece. Raises FileRejected for a bomb and for damage."""
    packed, unpacked, machine, is_whole = 0, 0, zlib.decompressobj(31), True
    try:
        while piece := source.read(_PIECE):
            packed += len(piece)
            while piece:
                content = machine.decompress(piece, _PIECE)
                unpacked += len(content)
                _check_size("the file", packed, unpacked)
                if content:
                    yield content
                piece, is_whole = machine.unconsumed_tail, machine.eof
                if is_whole:
                    piece, machine = machine.unused_data, zlib.decompressobj(31)
                    if piece and not piece.startswith(b"\x1f\x8b"):
                        raise FileRejected(0, "the gzip file goes on with something else behind its end")
    except zlib.error:
        raise FileRejected(0, "the gzip file is damaged") from None
    if not is_whole:
        raise FileRejected(0, "the gzip file ends before its end: it was cut off")


def members(source: BinaryIO) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name, content piece by piece) of each file of a ZIP, in the archive's order, without systems' litter.

    Raises FileRejected for another archive inside, names that lead elsewhere, links, passwords, equal
    names, more than 200 files, more than 2 GB, a content two hundred times its packed size, damage.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            every = [each for each in archive.infolist() if not each.is_dir()]
            listed = [each for each in every if not _LITTER.search(each.filename)]
            _check_list(listed)
            for each in listed:
                yield each.filename, _content(archive, each)
    except DAMAGE as broken:
        raise FileRejected(0, f"the ZIP archive is damaged ({type(broken).__name__})") from None


def _check_list(listed: list[zipfile.ZipInfo]) -> None:
    names = [each.filename for each in listed]
    if not listed:
        raise FileRejected(0, "the ZIP archive holds no file")
    if len(listed) > MAX_MEMBERS:
        raise FileRejected(0, f"the ZIP archive holds more than {MAX_MEMBERS} files")
    if len(set(names)) < len(names):
        raise FileRejected(0, "the ZIP archive holds two files of one name")
    for each in listed:
        if _TRICK.search(each.filename) or stat.S_ISLNK(each.external_attr >> 16):
            raise FileRejected(0, "the ZIP archive holds a name or a link that leads elsewhere")
        if each.flag_bits & 1:
            raise FileRejected(0, "the ZIP archive has a password; send it without")
    _check_size(
        "the archive", sum(each.compress_size for each in listed), sum(each.file_size for each in listed)
    )


def _content(archive: zipfile.ZipFile, each: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a list says of sizes may be a lie, so they are counted too."""
    unpacked, name = 0, f"the file {each.filename[-60:]}"
    try:
        with archive.open(each) as source:
            while piece := source.read(_PIECE):
                if not unpacked and is_archive(piece):
                    raise FileRejected(0, f"{name} is an archive inside the archive; send it by itself")
                unpacked += len(piece)
                _check_size(name, each.compress_size, unpacked)
                yield piece
    except DAMAGE:
        raise FileRejected(0, f"{name} is damaged in the archive") from None


def _check_size(name: str, packed: int, unpacked: int) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked > packed * MAX_RATIO):
        raise FileRejected(0, f"{name} grows beyond measure when unpacked")
