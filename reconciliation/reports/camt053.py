"""A statement given back as camt.053, whatever it came as."""

from dataclasses import replace

from hms_ach import files
from hms_ach.refusal import Refusal
from reconciliation.formats import camt
from reconciliation.formats.detection import Format
from reconciliation.formats.file import Opened, read_file
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.formats.table import TableProfile
from reconciliation.models import Statement
from reconciliation.queries.account_profile import profile_of, table_profile_of

MAX_ENTRIES = 100_000
_LONGEST_ID = 35


class NotAsCamt053(Refusal):
    code = "not_as_camt053"
    status = 422
    sentence = "Statement {statement} cannot be given as camt.053: {why}. Ask for the original instead."


def is_plain_camt053(statement: Statement) -> bool:
    """Whether the original itself is what `as_camt053` would give: one statement in a camt.053 file."""
    return statement.format == Format.CAMT and statement.file.size > 0 and _begins_as_xml(statement)


def as_camt053(statement: Statement) -> bytes:
    """The statement as its original says it, written as camt.053.001.08.

    Raises NotAsCamt053 where the bank left a balance out, where the file is a page of several, and above a
    hundred thousand entries.
    """
    if statement.opening_minor is None or statement.closing_minor is None:
        raise NotAsCamt053(statement=statement.statement_id, why="the bank left out a balance")
    if statement.opening_minor + statement.booked_minor != statement.closing_minor:
        raise NotAsCamt053(statement=statement.statement_id, why="its balances do not add up")
    if statement.line_count > MAX_ENTRIES:
        raise NotAsCamt053(statement=statement.statement_id, why=f"it has more than {MAX_ENTRIES:,} entries")
    said, entries = _read_again(statement)
    kept = tuple(_fitting(entry, statement) for entry in entries if entry.status == "BOOK")
    return camt.write(
        replace(
            said,
            statement_id=statement.statement_id[-_LONGEST_ID:],
            account_number=statement.account.number,
            currency=statement.currency,
            from_on=statement.from_on,
            to_on=statement.to_on,
            entries=kept,
        )
    )


def _read_again(statement: Statement) -> tuple[ReadStatement, list[Entry]]:
    """The statement from the kept bytes, by its place in the file."""
    table = profile_of(statement.account).table
    profile = table_profile_of(statement.account, TableProfile.from_json(table)) if table else None
    entries: list[Entry] = []
    number = 1
    with files.open_file(statement.file.public_id) as source:
        for found in read_file(source, Reading(), Opened(asked=Format(statement.format), profile=profile)):
            if isinstance(found, Entry):
                if number == statement.file_no:
                    entries.append(found)
            elif number == statement.file_no:
                return found, entries
            else:
                number += 1
    raise NotAsCamt053(statement=statement.statement_id, why="its account's profile has changed since")


def _fitting(entry: Entry, statement: Statement) -> Entry:
    """Nothing is cut: a reference too long for its place goes into the text."""
    long = [text for text in entry.references if len(text) > _LONGEST_ID]
    bank_reference = entry.bank_reference if len(entry.bank_reference) <= _LONGEST_ID else ""
    return entry._replace(
        booked_on=entry.booked_on or statement.to_on,
        bank_reference=bank_reference,
        references=tuple(text for text in entry.references if text not in long),
        description=" ".join([entry.description, *long]).strip(),
        code=entry.code[:_LONGEST_ID],
    )


def _begins_as_xml(statement: Statement) -> bool:
    with files.open_file(statement.file.public_id) as source:
        head = source.read(4_096).lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"camt.053" in head
