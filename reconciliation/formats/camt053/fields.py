"""The fields of camt.053 that are read, by path, and how their texts become values."""

import re
from datetime import date, datetime

from hms_ach.money import CURRENCIES, digits
from reconciliation.formats.guarded_xml import tree_of

_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.([0-9]{1,5}))?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)

STATEMENT = {
    "Id": "id",
    "ElctrncSeqNb": "sequence",
    "CreDtTm": "created_at",
    "FrToDt/FrDtTm": "from_on",
    "FrToDt/ToDtTm": "to_on",
    "Acct/Id/IBAN": "account",
    "Acct/Id/BBAN": "account",
    "Acct/Id/PrtryAcct/Id": "account",
    "Acct/Id/Othr/Id": "account",
    "Acct/Ccy": "currency",
    "Acct/Ownr/Nm": "owner",
    "TxsSummry/TtlNtries/NbOfNtries": "entry_count",
}
BALANCE = {
    "Tp/CdOrPrtry/Cd": "type",
    "Tp/Cd": "type",
    "Amt": "amount",
    "CdtDbtInd": "side",
    "Dt/Dt": "on",
    "Dt/DtTm": "on",
}
DETAIL = {
    **{f"Refs/{name}": "ref" for name in (
        "AcctSvcrRef", "EndToEndId", "TxId", "InstrId", "MsgId", "PmtInfId", "MndtId", "ChqNb", "ClrSysRef",
    )},
    "Refs/Prtry/Ref": "ref",
    "Amt": "amount",
    "CdtDbtInd": "side",
    "AmtDtls/TxAmt/Amt": "tx_amount",
    **{f"RltdPties/{side}{form}": side for side in ("Dbtr", "Cdtr") for form in ("/Nm", "/Pty/Nm")},
    "RmtInf/Ustrd": "text",
    "RmtInf/Strd/CdtrRefInf/Ref": "ref",
    "RmtInf/Strd/CdtrRefInf/CdtrRef": "ref",
    "RmtInf/Strd/RfrdDocInf/Nb": "ref",
    "RmtInf/Strd/RfrdDocInf/RfrdDocNb": "ref",
    "AddtlTxInf": "text",
}  # fmt: skip
ENTRY = {
    "Amt": "amount",
    "CdtDbtInd": "side",
    "RvslInd": "reversal",
    "Sts": "status",
    "BookgDt/Dt": "booked_on",
    "BookgDt/DtTm": "booked_on",
    "ValDt/Dt": "value_on",
    "ValDt/DtTm": "value_on",
    "AcctSvcrRef": "bank_reference",
    "NtryRef": "entry_reference",
    "BkTxCd/Domn/Cd": "code",
    "BkTxCd/Domn/Fmly/Cd": "code",
    "BkTxCd/Domn/Fmly/SubFmlyCd": "code",
    "BkTxCd/Prtry/Cd": "own_code",
    "AddtlNtryInf": "text",
    "Chrgs/TtlChrgsAndTaxAmt": "charges",
    "Chrgs/Amt": "charges",
    "Chrgs/Rcrd/Amt": "charges",
    "NtryDtls/Btch/MsgId": "ref",
    "NtryDtls/Btch/PmtInfId": "ref",
}


def _under(prefix: str, table: dict[str, str]) -> dict[str, str]:
    return {f"{prefix}/{path}": name for path, name in table.items()}


def _document() -> dict[str, dict]:
    leaves: dict[str, str] = {}
    containers: dict[str, str] = {}
    for message in ("BkToCstmrStmt", "BkToCstmrStmtV01"):
        top = f"{message}/Stmt"
        leaves |= _under(top, STATEMENT) | _under(f"{top}/Bal", BALANCE) | _under(f"{top}/Ntry", ENTRY)
        leaves[f"{top}/Ntry/Sts/Cd"] = "status"
        containers |= {top: "statement", f"{top}/Bal": "balance", f"{top}/Ntry": "entry"}
        for details in ("NtryDtls/TxDtls", "TxDtls"):
            leaves |= _under(f"{top}/Ntry/{details}", DETAIL)
            containers[f"{top}/Ntry/{details}"] = "+detail"
    return tree_of(leaves, containers)


DOCUMENT = _document()


def amount_of(text: str, currency: str) -> tuple[int, str]:
    """Minor units of a decimal text with up to five decimals, and what is wrong with it, if anything."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        return 0, "is not an amount: digits, and a point with up to five decimals"
    if currency not in CURRENCIES:
        return 0, f"is in {currency or 'no currency'}, which is not an ISO 4217 code"
    whole, _, fraction = text.partition(".")
    wanted = digits(currency)
    if fraction[wanted:].strip("0"):
        return 0, f"has more decimals than {currency} has ({wanted})"
    return int(whole + fraction[:wanted].ljust(wanted, "0")), ""


def date_of(text: str) -> date | None:
    """The day of an ISO date or moment as written; None when it is neither."""
    if not _DATE.fullmatch(text[:10]):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """An ISO moment; None when it is not one."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def number_of(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None
