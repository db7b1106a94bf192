"""Why a bank or a processor takes money back that it had paid, by how it was paid."""

REASONS: dict[str, dict[str, str]] = {
    "TRANSFER": {
        "RECALLED": "The payer's bank took it back",
        "NO_CONSENT": "The payer says that they did not authorise it",
        "NO_FUNDS": "Not enough money",
        "BANK_ERROR": "The bank had paid it by mistake",
        "OTHER": "Other, as noted",
    },
    "CARD": {
        "FRAUD": "The cardholder says that they did not pay",
        "DISPUTED": "The cardholder disputes what was paid for",
        "DUPLICATE": "Charged twice",
        "PROCESSING": "The processor found an error",
        "OTHER": "Other, as noted",
    },
}
REASON_WORDS = {code: words for reasons in REASONS.values() for code, words in reasons.items()}
WORDS = {"TRANSFER": "Transfer returned", "CARD": "Chargeback"}

# What the bank is expected to show of each, and the account that waits for it.
KINDS = {"TRANSFER": "transfer_return", "CARD": "chargeback"}
CLEARING = {"TRANSFER": "transfer.clearing", "CARD": "card.clearing"}
