"""Why a discrepancy ends as it does: a closed list for each way of ending it, so that they can be counted."""

CAUSES: dict[str, dict[str, str]] = {
    "MATCH": {
        "EVIDENCE": "The two sides agree",
        "LATE": "The bank or the courier was late",
        "BANK_NAMED_IT": "The bank named the item",
        "WRONG_REFERENCE": "The reference was wrong at its source",
    },
    "WRITE_OFF": {
        "BANK_FEE": "Bank or processor charged more than the contract",
        "COUNTED_DIFFERENTLY": "The bank counted the cash differently",
        "EXCHANGE": "Exchange or wire charges on the way",
        "TOO_SMALL": "Too small to pursue",
    },
    "SUSPENSE": {
        "PAYER_UNKNOWN": "The payer is not known yet",
        "BANK_ERROR": "The bank's error; it will take it back",
        "NOT_AT_BANK": "The bank was asked where it is",
        "INSURER_ADJUSTED": "The insurer took back part of it",
    },
    "RETURN": {
        "PAYER_BANK_REFUSED": "The payer's bank did not pay, or took it back",
        "NOT_ACCEPTED": "Whoever was paid, or their bank, sent it back",
        "BANK_REVERSED": "The bank reversed its own booking",
    },
    "TRANSFER": {
        "SWEEP": "The bank's sweep, or a zero balance account",
        "OWN_TRANSFER": "One of our accounts paid another",
    },
    "ACCEPT": {
        "NO_MOVEMENT": "The bank confirmed that nothing moved",
        "BANK_CORRECTED": "The bank corrected it in a later statement",
        "OTHER_STATEMENT": "Another statement covers it",
        "NOT_BOOKED": "The bank announced it and did not book it",
    },
}
ALL = {code: words for causes in CAUSES.values() for code, words in causes.items()}


def reason_of(action: str, *, cause: str, words: str, evidence: str = "") -> str:
    """The reason in words; "" when nothing was said. cause  one of the action's own, or empty

    evidence  what speaks for the chosen candidates: enough to agree to a match, and for nothing else
    """
    said = [CAUSES[action].get(cause, ""), words.strip()]
    if action == "MATCH" and not words.strip() and cause in ("", "EVIDENCE"):
        said = [evidence]
    return ": ".join(part for part in said if part)[:500]
