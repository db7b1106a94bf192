"""Writes camt.053.001.08, strictly: what does not fit the standard is refused, never cut."""

from datetime import UTC, date, datetime
from io import BytesIO

from lxml import etree

from hms_ach.money import Money
from hms_ach.refusal import FileRejected
from reconciliation.formats.statement import Entry, Statement

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def write(statement: Statement) -> bytes:
    """One statement as a camt.053.001.08 file in UTF-8.

    Raises FileRejected when a text is longer than the standard allows, a date is missing, or the
    balances and the booked entries do not agree.
    """
    _check(statement)
    out = BytesIO()
    with etree.xmlfile(out, encoding="UTF-8") as xml:
        xml.write_declaration()
        with xml.element("Document", nsmap={None: NAMESPACE}), xml.element("BkToCstmrStmt"):
            with xml.element("GrpHdr"):
                _leaf(xml, "MsgId", statement.statement_id, 35)
                _leaf(xml, "CreDtTm", _moment(statement), 40)
            with xml.element("Stmt"):
                _head(xml, statement)
                for entry in statement.entries:
                    _entry(xml, entry)
    return out.getvalue()


def _check(statement: Statement) -> None:
    if statement.from_on is None or statement.to_on is None:
        raise FileRejected(0, f"statement {statement.statement_id} has no first or last day")
    if any(entry.booked_on is None for entry in statement.entries):
        raise FileRejected(0, f"statement {statement.statement_id} has an entry without a day")
    booked = sum(entry.amount_minor for entry in statement.entries if entry.status == "BOOK")
    if statement.opening_minor is None or statement.closing_minor is None:
        raise FileRejected(0, f"statement {statement.statement_id} lacks a balance")
    if statement.opening_minor + booked != statement.closing_minor:
        raise FileRejected(0, f"statement {statement.statement_id} does not add up")


def _moment(statement: Statement) -> str:
    at = statement.created_at or datetime.combine(statement.to_on or date.min, datetime.min.time(), UTC)
    return at.isoformat(timespec="seconds")


def _head(xml, statement: Statement) -> None:
    _leaf(xml, "Id", statement.statement_id, 35)
    if statement.sequence is not None:
        _leaf(xml, "ElctrncSeqNb", str(statement.sequence), 18)
    _leaf(xml, "CreDtTm", _moment(statement), 40)
    with xml.element("FrToDt"):
        _leaf(xml, "FrDtTm", f"{statement.from_on}T00:00:00", 40)
        _leaf(xml, "ToDtTm", f"{statement.to_on}T23:59:59", 40)
    with xml.element("Acct"):
        with xml.element("Id"), xml.element("Othr"):
            _leaf(xml, "Id", statement.account_number, 34)
        _leaf(xml, "Ccy", statement.currency, 3)
        if statement.owner:
            with xml.element("Ownr"):
                _leaf(xml, "Nm", statement.owner, 140)
    _balance(xml, "OPBD", statement.opening_minor or 0, statement.currency, statement.from_on)
    _balance(xml, "CLBD", statement.closing_minor or 0, statement.currency, statement.to_on)


def _balance(xml, code: str, minor: int, currency: str, on: date | None) -> None:
    with xml.element("Bal"):
        with xml.element("Tp"), xml.element("CdOrPrtry"):
            _leaf(xml, "Cd", code, 4)
        _amount(xml, minor, currency)
        with xml.element("Dt"):
            _leaf(xml, "Dt", str(on), 10)


def _amount(xml, minor: int, currency: str) -> None:
    _leaf(xml, "Amt", str(Money(abs(minor), currency)), 19, Ccy=currency)
    _leaf(xml, "CdtDbtInd", "DBIT" if minor < 0 else "CRDT", 4)


def _entry(xml, entry: Entry) -> None:
    with xml.element("Ntry"):
        _amount(xml, entry.amount_minor, entry.currency)
        if entry.is_reversal:
            _leaf(xml, "RvslInd", "true", 5)
        with xml.element("Sts"):
            _leaf(xml, "Cd", entry.status, 4)
        _day(xml, "BookgDt", entry.booked_on)
        _day(xml, "ValDt", entry.value_on or entry.booked_on)
        if entry.bank_reference:
            _leaf(xml, "AcctSvcrRef", entry.bank_reference, 35)
        with xml.element("BkTxCd"), xml.element("Prtry"):
            _leaf(xml, "Cd", entry.code or "NTRF", 35)
        with xml.element("NtryDtls"), xml.element("TxDtls"):
            _details(xml, entry)


def _details(xml, entry: Entry) -> None:
    references = [text for text in entry.references if text != entry.bank_reference]
    if references:
        with xml.element("Refs"):
            _leaf(xml, "EndToEndId", references[0], 35)
    if entry.counterparty:
        side = "Cdtr" if entry.amount_minor < 0 else "Dbtr"
        with xml.element("RltdPties"), xml.element(side), xml.element("Pty"):
            _leaf(xml, "Nm", entry.counterparty, 140)
    if entry.description or references[1:]:
        with xml.element("RmtInf"):
            for start in range(0, len(entry.description), 140):
                _leaf(xml, "Ustrd", entry.description[start : start + 140].strip() or "-", 140)
            for reference in references[1:]:
                with xml.element("Strd"), xml.element("CdtrRefInf"):
                    _leaf(xml, "Ref", reference, 35)


def _day(xml, tag: str, on: date | None) -> None:
    with xml.element(tag):
        _leaf(xml, "Dt", str(on), 10)


def _leaf(xml, tag: str, text: str, longest: int, **attributes: str) -> None:
    if not text or len(text) > longest:
        raise FileRejected(0, f"{tag} needs 1 to {longest} characters, not {len(text)}")
    with xml.element(tag, **attributes):
        xml.write(text)
