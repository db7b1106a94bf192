"""The bytes of a batch: written once, in pieces, so that no size of batch fills the memory."""

import hashlib
from collections.abc import Iterator
from datetime import UTC
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from hms_ach.ids import new_id
from hms_ach.money import Money
from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer
from ledger.formats.layouts import LAYOUTS, lacking_name
from ledger.models import GlBatch, GlBatchFile, GlBatchLine
from ledger.queries.mapping import gl_settings

_CHUNK_BYTES = 1 << 20
_KEEP = "INSERT INTO ledger_glbatchchunk (file_id, sequence, content) VALUES (%s, %s, %s)"

# Each line's entries, line by line. A line is found by what its postings share.
_LINKS = """
    SELECT DISTINCT line.line, entry.public_id
    FROM ledger_glbatchentry member
    JOIN ledger_entry entry ON entry.id = member.entry_id
    JOIN ledger_posting posting ON posting.entry_id = entry.id
    JOIN ledger_glbatchline line ON line.batch_id = member.batch_id
        AND line.effective_on = posting.effective_on AND line.account_id = posting.account_id
        AND line.category = posting.role AND line.currency = posting.currency
        AND line.payer_class = posting.payer_class AND line.tender = posting.tender
        AND line.department_id IS NOT DISTINCT FROM posting.department_id
    WHERE member.batch_id = %s
    ORDER BY line.line, entry.public_id
"""


def write_files(batch: GlBatch) -> None:
    """Write the batch in every layout of the house whose names are set, from its frozen lines."""
    header, trailer = header_of(batch), trailer_of(batch)
    rows = list(batch.lines.select_related("department").order_by("line"))
    for name, layout in LAYOUTS.items():
        if lacking_name(name, header.settings):
            continue
        lines = lines_of(batch, rows, has_links=layout.links)
        store_file(batch, name, layout.write(header, lines, trailer), layout.media_type, layout.extension)


def store_file(
    batch: GlBatch, layout: str, pieces: Iterator[bytes], media_type: str, extension: str
) -> GlBatchFile:
    """Keep bytes under a name, a megabyte at a time, with their size and SHA-256.

    The file's row says what it holds and is written once, so that it follows its pieces.
    """
    digest, size = hashlib.sha256(), 0
    # By plain statements: the ORM leaves each megabyte in a reference cycle until a full collection.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('ledger_glbatchfile', 'id'))")
        file_id = cursor.fetchone()[0]
        for sequence, chunk in enumerate(_chunks(pieces), start=1):
            digest.update(chunk)
            size += len(chunk)
            cursor.execute(_KEEP, [file_id, sequence, chunk])
        return GlBatchFile.objects.create(
            pk=file_id,
            batch=batch,
            layout=layout,
            media_type=media_type,
            extension=extension,
            size=size,
            sha256=digest.hexdigest(),
        )


def header_of(batch: GlBatch) -> BatchHeader:
    mapping = batch.mapping
    return BatchHeader(
        id=batch.public_id,
        number=batch.number,
        legal_entity=batch.legal_entity.code,
        facility=batch.facility.code,
        business_on=batch.business_on.isoformat(),
        run=batch.run,
        functional_currency=batch.functional_currency,
        built_at=batch.built_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        rebuilds=batch.rebuilds.number if batch.rebuilds else "",
        reverses=batch.reverses.number if batch.reverses else "",
        segment_names=tuple(mapping.segment_names) if mapping else ("Account",),
        account_index=mapping.account_index if mapping else 0,
        settings=gl_settings(legal_entity=batch.legal_entity),
    )


def trailer_of(batch: GlBatch) -> BatchTrailer:
    return BatchTrailer(
        entries=batch.n_entries,
        lines=batch.n_lines,
        functional_debit=str(Money(batch.debit_minor, batch.functional_currency)),
        functional_credit=str(Money(batch.credit_minor, batch.functional_currency)),
    )


def lines_of(batch: GlBatch, rows: list[GlBatchLine], *, has_links: bool) -> Iterator[BatchLine]:
    """The lines one after the other; each one's entries must be read before the next line."""
    facility, functional = batch.facility.code, batch.functional_currency
    if not has_links:
        yield from (_line(row, facility, functional, iter(())) for row in rows)
        return
    with _links(batch) as cursor:
        by_line = groupby(_fetched(cursor), key=itemgetter(0))
        waiting = next(by_line, None)
        for row in rows:
            entries: Iterator[str] = iter(())
            if waiting and waiting[0] == row.line:
                entries = (public_id for _number, public_id in waiting[1])
            yield _line(row, facility, functional, entries)
            if waiting and waiting[0] == row.line:
                waiting = next(by_line, None)


def _links(batch: GlBatch) -> CursorWrapper:
    """A cursor on the server, so that the links are read a few thousand at a time."""
    connection.ensure_connection()
    assert connection.connection is not None
    cursor: Any = connection.connection.cursor(name=new_id("cur"))
    cursor.itersize = 5000
    cursor.execute(_LINKS, [batch.reverses_id or batch.pk])
    return cursor


def _fetched(cursor: Any) -> Iterator[tuple[int, str]]:
    while rows := cursor.fetchmany(5000):
        yield from rows


def _chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces joined and cut at a megabyte; one empty chunk for no bytes at all."""
    held = bytearray()
    for piece in chain(pieces):
        held += piece
        while len(held) >= _CHUNK_BYTES:
            yield bytes(held[:_CHUNK_BYTES])
            del held[:_CHUNK_BYTES]
    yield bytes(held)


def _line(row: GlBatchLine, facility: str, functional: str, entries: Iterator[str]) -> BatchLine:
    return BatchLine(
        line=row.line,
        effective_on=row.effective_on.isoformat(),
        category=row.category,
        segments=tuple(row.segments),
        account=row.account_number,
        account_name=row.account_name,
        facility=facility,
        department=row.department.code if row.department else "",
        payer_class=row.payer_class,
        tender=row.tender,
        currency=row.currency,
        debit=str(Money(row.debit_minor, row.currency)),
        credit=str(Money(row.credit_minor, row.currency)),
        functional_debit=str(Money(row.functional_debit_minor, functional)),
        functional_credit=str(Money(row.functional_credit_minor, functional)),
        postings=row.n_postings,
        entries=entries,
    )
