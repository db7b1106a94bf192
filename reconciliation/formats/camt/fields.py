"""The fields of camt.052, 053 and 054 that are read, by path (ISO 20022 message definitions, 1 to 13)."""

from reconciliation.formats.guarded_xml import tree_of
from reconciliation.formats.statement import Kind

# Message, its part that is one report, and what such a report is.
MESSAGES = [
    ("BkToCstmrStmt", "Stmt", Kind.FINAL),
    ("BkToCstmrAcctRpt", "Rpt", Kind.INTERIM),
    ("BkToCstmrDbtCdtNtfctn", "Ntfctn", Kind.NOTICE),
]
STATEMENT = {
    "Id": "id",
    "ElctrncSeqNb": "sequence",
    **{f"{part}Pgntn/PgNb": "page" for _, part, _ in MESSAGES},
    **{f"{part}Pgntn/LastPgInd": "is_last_page" for _, part, _ in MESSAGES},
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
    "TxsSummry/TtlNtries/Sum": "entry_sum",
    "TxsSummry/TtlCdtNtries/NbOfNtries": "credit_count",
    "TxsSummry/TtlCdtNtries/Sum": "credit_sum",
    "TxsSummry/TtlDbtNtries/NbOfNtries": "debit_count",
    "TxsSummry/TtlDbtNtries/Sum": "debit_sum",
}
HEADER = {"MsgPgntn/PgNb": "page", "MsgPgntn/LastPgInd": "is_last_page"}
BALANCE = {
    "Tp/CdOrPrtry/Cd": "type",
    "Tp/CdOrPrtry/Prtry": "type",
    "Tp/Cd": "type",
    "Amt": "amount",
    "CdtDbtInd": "side",
    "Dt/Dt": "on",
    "Dt/DtTm": "on",
}
DETAIL = {
    **{f"Refs/{name}": "ref" for name in (
        "AcctSvcrRef", "EndToEndId", "TxId", "InstrId", "MsgId", "PmtInfId", "MndtId", "ChqNb", "ClrSysRef",
        "UETR",
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
    "RtrInf/Rsn/Cd": "return_reason",
    "RtrInf/RtrRsn/Cd": "return_reason",
    "RtrInf/Rsn/Prtry": "return_reason",
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
    for message, part, kind in MESSAGES:
        for root in (message, f"{message}V01"):
            top = f"{root}/{part}"
            leaves |= _under(f"{root}/GrpHdr", HEADER)
            leaves |= _under(top, STATEMENT) | _under(f"{top}/Bal", BALANCE) | _under(f"{top}/Ntry", ENTRY)
            leaves[f"{top}/Ntry/Sts/Cd"] = "status"
            containers |= {f"{root}/GrpHdr": "header", top: f"statement:{kind}"}
            containers |= {f"{top}/Bal": "balance", f"{top}/Ntry": f"entry:{kind}"}
            for details in ("NtryDtls/TxDtls", "TxDtls"):
                leaves |= _under(f"{top}/Ntry/{details}", DETAIL)
                containers[f"{top}/Ntry/{details}"] = "+detail"
    return tree_of(leaves, containers)


DOCUMENT = _document()
