"""Who pays and which references, from the labels that banks of the United States write into a line's text.

A bank passes the fields of an ACH entry or a wire on as words: ORIG CO NAME:…, B/O: …, /BNF=…, DBNM: …,
DES:… INDN:…, and the addenda of a payer's payment as TRN*1*…*…. Each bank has its own labels; here are those
of the files that we know. A text without labels says nothing here.
"""

import re
from typing import NamedTuple

# Labels of names by direction, the better first, and of references; the rest only end what is before them.
_PAYERS = ("ORIG CO NAME", "DBNM", "ORG NAME", "ORG", "ORIGINATOR", "B/O", "BY ORDER OF", "SENDER NAME")
_PAYEES = ("CRNM", "BNF NAME", "BNF", "BENEFICIARY", "A/C", "ORIG CO NAME")
_REFERENCES = frozenset({
    "EREF", "CREF", "KREF", "CHKN", "TRACE", "TRACE NO", "TRACE NUMBER", "RFB", "SRF", "TRN", "IMAD", "OMAD",
    "FED NO", "FED REF", "CLIENT REF ID", "CLEARING REF", "CHECK SERIAL NUMBER", "CHECK NO", "PMT INFO",
})  # fmt: skip
_OTHERS = (
    "ORIG ID", "DESC DATE", "CO ENTRY DESCR", "ENTRY DESCR", "ENTRY DESCRIPTION", "SEC", "SEC CODE", "EED",
    "IND ID", "IND NAME", "DES", "INDN", "CO ID", "ID", "REF", "REMI", "REMITTANCE INFO", "OBI", "BBI",
    "IDNM", "DACT", "CACT", "DABA", "CABA", "DBIC", "CBIC", "ORG ADDRESS", "ORG ID", "BNF ADDRESS", "BNF ID",
    "AC", "SENDER ID", "SENDER BNK", "REC ID", "REC FI", "VIA", "OGB", "SSN", "TIME", "ACCOUNT", "REASON",
    "RETURN REASON", "GS ID", "ADDENDA",
)  # fmt: skip
_LABEL = re.compile(
    r"(?<![A-Z0-9])("
    + "|".join(sorted(map(re.escape, {*_PAYERS, *_PAYEES, *_REFERENCES, *_OTHERS}), key=len, reverse=True))
    + r")\s?(?:#:?|:=?|=)\s*",
    re.IGNORECASE,
)
_TRACE = re.compile(r"TRN\*\d\*([0-9A-Z-]{4,50})", re.IGNORECASE)
# Bank of America: the name comes first, without a label.
_UNLABELLED = re.compile(r"\s*(\S.{0,60}?)\s+DES:.{0,80}?\b(?:INDN|ID):", re.IGNORECASE)
_WORD = re.compile(r"(?=\S*\d)[0-9A-Z][^\s,;*\\]{3,69}", re.IGNORECASE)
_LONGEST = 4_000


class Labelled(NamedTuple):
    counterparty: str = ""
    references: tuple[str, ...] = ()


_NOTHING = Labelled()


def labelled(text: str, *, is_debit: bool) -> Labelled:
    """The other party's name as the bank writes it, and the references that have a label, each once."""
    if ":" not in text and "=" not in text and "*" not in text and "#" not in text:
        return _NOTHING
    parts = _LABEL.split(text[:_LONGEST])
    said: dict[str, str] = {}
    references = dict.fromkeys(_TRACE.findall(text[:_LONGEST]))
    for label, value in zip(map(str.upper, parts[1::2]), parts[2::2], strict=False):
        said.setdefault(label, value)
        if label in _REFERENCES and (word := _WORD.match(value)) and "TRN*" not in value.upper():
            references[word[0].rstrip("./")] = None
    name = next((_name(said[label]) for label in (_PAYEES if is_debit else _PAYERS) if label in said), "")
    if not name and (first := _UNLABELLED.match(text)):
        name = first[1]
    return Labelled(name[:140], tuple(references))


def _name(value: str) -> str:
    """What stands before a gap: banks pad names to their columns."""
    return value.split("  ")[0].strip(" ,/\\-*;")
