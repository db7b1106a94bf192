"""Which kinds of file prove something to people: told by what is in them, never by what their sender says."""

import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

ALLOWED = "a PDF, a picture, a Word or Excel file without macros, or plain text such as CSV or an e-mail"
_HEAD = 4096
_TEXT = (
    *("", "txt", "text", "csv", "tsv", "log", "md", "eml", "xml", "json", "edi", "x12", "835", "ach"),
    *("sta", "mt940", "mt942", "940", "942", "bai", "bai2", "ofx", "qfx"),
)
# What a browser or a desk would run, though it is plain text.
_RUN = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?php", b"#!", b"mz")
_HEIF = (b"heic", b"heix", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """name: for people; endings: those that a file of this kind may have, without the dot, "" for none."""

    name: str
    media_type: str
    endings: tuple[str, ...]


PDF = EvidenceKind("a PDF", "application/pdf", ("pdf",))
PNG = EvidenceKind("a PNG picture", "image/png", ("png",))
JPEG = EvidenceKind("a JPEG picture", "image/jpeg", ("jpg", "jpeg"))
TIFF = EvidenceKind("a TIFF picture", "image/tiff", ("tif", "tiff"))
WEBP = EvidenceKind("a WebP picture", "image/webp", ("webp",))
HEIC = EvidenceKind("a HEIC picture", "image/heic", ("heic", "heif"))
TEXT = EvidenceKind("plain text", "text/plain", _TEXT)
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
WORD = EvidenceKind("a Word file", f"{_OFFICE}.wordprocessingml.document", ("docx",))
EXCEL = EvidenceKind("an Excel file", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
OPEN_TEXT = EvidenceKind("an OpenDocument text", f"{_OPEN}.text", ("odt",))
OPEN_TABLE = EvidenceKind("an OpenDocument table", f"{_OPEN}.spreadsheet", ("ods",))
_BY_HEAD = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG, b"II*\0": TIFF, b"MM\0*": TIFF}
_BY_PART = {
    "word/document.xml": WORD,
    "xl/workbook.xml": EXCEL,
}
_BY_MIMETYPE = {kind.media_type.encode(): kind for kind in (OPEN_TEXT, OPEN_TABLE)}


def evidence_kind(content: BinaryIO) -> EvidenceKind | None:
    """What a file is by its bytes, from its start; None for what is not kept as evidence. Needs to seek."""
    content.seek(0)
    head = content.read(_HEAD)
    for start, kind in _BY_HEAD.items():
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return HEIC
    if head.startswith(b"PK\x03\x04"):
        return _packed(content)
    return TEXT if _is_text(content, head) else None


def is_named_as(kind: EvidenceKind, name: str) -> bool:
    """Whether a file's name ends as its kind does, so that a desk opens it as what it is."""
    _stem, dot, ending = name.rpartition(".")
    return (ending.lower() if dot else "") in kind.endings


def _packed(content: BinaryIO) -> EvidenceKind | None:
    """An office document by the parts of its archive; None for another archive, and for one with macros."""
    try:
        with zipfile.ZipFile(content) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return _BY_MIMETYPE.get(archive.read("mimetype"))
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        ValueError,
        OSError,
        EOFError,
        RuntimeError,
        struct.error,
    ):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _BY_PART.items() if part in names), None)


def _is_text(content: BinaryIO, head: bytes) -> bool:
    """UTF-8, UTF-16 with its mark, or windows-1252, without control characters, and nothing that is run."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_RUN) or any(mark in head.lower() for mark in (b"<html", b"<script", b"<svg")):
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _is_utf16(content)
    content.seek(0)
    while piece := content.read(256 * 1024):
        if any(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in set(piece)):
            return False
    return True


def _is_utf16(content: BinaryIO) -> bool:
    content.seek(0)
    try:
        said = content.read().decode("utf-16").lower()
    except UnicodeDecodeError:
        return False
    return not any(mark in said for mark in ("<html", "<script", "<svg", "\0"))
