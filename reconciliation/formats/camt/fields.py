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
    "CpyDplctInd": "copy",
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
# What entries and their transactions tell alike.
_COMMON = {
    "Amt": "amount",
    "CdtDbtInd": "side",
    "Chrgs/TtlChrgsAndTaxAmt": "charges",
    "Chrgs/Amt": "charge",
    "Chrgs/Rcrd/Amt": "charge",
    "AmtDtls/InstdAmt/Amt": "instructed",
    "CardTx/POI/Id/Id": "ref",
    "CardTx/AggtdNtry/SaleRcncltnId": "card_batch",
}
_SIDES = ("Dbtr", "Cdtr", "UltmtDbtr", "UltmtCdtr")
DETAIL = {
    **_COMMON,
    **{f"Refs/{name}": "ref" for name in (
        "AcctSvcrRef", "EndToEndId", "TxId", "InstrId", "MsgId", "PmtInfId", "MndtId", "ChqNb", "ClrSysRef",
        "UETR", "AcctOwnrTxId", "AcctSvcrTxId", "MktInfrstrctrTxId", "PrcgId",
    )},
    "Refs/Prtry/Ref": "ref",
    "AmtDtls/TxAmt/Amt": "tx_amount",
    **{f"RltdPties/{side}{form}": side
       for side in _SIDES for form in ("/Nm", "/Pty/Nm", "/Agt/FinInstnId/Nm")},
    **{f"CardTx/Tx/{form}": "card_batch" for form in ("Aggtd/SaleRcncltnId", "Indv/SaleRcncltnId")},
    "CardTx/Tx/Indv/SaleRefNb": "ref",
    "BkTxCd/Domn/Cd": "tx_code",
    "BkTxCd/Domn/Fmly/Cd": "tx_code",
    "BkTxCd/Domn/Fmly/SubFmlyCd": "tx_code",
    "BkTxCd/Prtry/Cd": "tx_own_code",
    "RmtInf/Ustrd": "text",
    "RmtInf/Strd/AddtlRmtInf": "text",
    "RmtInf/Strd/CdtrRefInf/Ref": "ref",
    "RmtInf/Strd/CdtrRefInf/CdtrRef": "ref",
    "RmtInf/Strd/RfrdDocInf/Nb": "ref",
    "RmtInf/Strd/RfrdDocInf/RfrdDocNb": "ref",
    "RtrInf/Rsn/Cd": "return_reason",
    "RtrInf/RtrRsn/Cd": "return_reason",
    "RtrInf/Rsn/Prtry": "return_reason",
    "RtrInf/AddtlInf": "text",
    "AddtlTxInf": "text",
}  # fmt: skip
ENTRY = {
    **_COMMON,
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
    "NtryDtls/Btch/NbOfTxs": "batch_count",
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
