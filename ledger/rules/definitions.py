"""What each statement's figures are, in the words that screens, files and docs/ledger.md share."""

from typing import NamedTuple


class Definition(NamedTuple):
    title: str
    text: str


DEFINITIONS = {
    "trial-balance": Definition(
        "Trial balance",
        "Every account with the debits and credits effective in the days chosen, in the legal entity's "
        "functional currency. Balance is debits less credits; a credit balance is negative. With a first "
        "day, opening is the balance of all before it, movement that of the days, and closing both. Before "
        "the year's closing, what closed the fiscal year of the last day is left out. With a "
        "comparison, difference is balance less the balance compared with, and the percentage is of the "
        "latter's size; none where it is zero.",
    ),
    "account": Definition(
        "Account statement",
        "Every posting of the account effective in the days chosen, oldest first, in the order they "
        "were posted within a day. The balance after each is the opening balance (all before the first "
        "day) and all postings since.",
    ),
    "journal": Definition(
        "Day book",
        "Every entry effective in the days chosen with all its lines, in the order they were posted. "
        "Debits and credits of an entry are equal in each currency and in the functional currency.",
    ),
    "postings": Definition(
        "Postings",
        "The postings behind a figure: those that meet all of the filter. Their total is the figure.",
    ),
    "documents": Definition(
        "Documents behind a figure",
        "Every document of a sub-ledger that adds to an account role, signed as in the book: what is open "
        "of it. Of a dated sub-ledger as of the day, of another as it stands now; of a tie-out as it stood "
        "when that was taken. Their total is the sub-ledger's figure, beside the book's balance.",
    ),
    "clearing": Definition(
        "Clearing accounts by item",
        "Every item whose postings on a clearing account do not add up to zero, told apart by account, "
        "reference, facility and currency, so that two items never cancel out. Its age counts from the "
        "first posting since it was last at zero; what opened and settled it too.",
    ),
    "receivables": Definition(
        "Receivables by payer",
        "What patients and payers owed before the first day, how it moved in the days chosen, and what "
        "they owe after the last: charges, bills that move it to whom they are sent, payments with "
        "voids and returns, refunds, adjustments and exchange differences, told by what else each entry "
        "touches. In the functional currency; closing is compared with the balance of the receivable "
        "accounts.",
    ),
    "affiliates": Definition(
        "Due between legal entities",
        "What one legal entity claims from another in its own book, beside what the other owes by its "
        "book. Both must say the same in each currency; where one book is not open to the reader, its "
        "figure is unknown.",
    ),
    "gl-batches": Definition(
        "GL batches",
        "Every batch built for the general ledger, by business day and facility, with the state it is in now "
        "and the journal that the general ledger gave it. Debits and credits are its lines' in the "
        "functional currency, and equal.",
    ),
    "rates": Definition(
        "Exchange rates",
        "How many units of the second currency one unit of the first buys from a day on. The latest rate "
        "recorded for the latest day on or before an entry's day counts; earlier ones stay.",
    ),
    "periods": Definition(
        "Periods",
        "Each accounting period with its days and its state: an open one takes entries, a soft closed one "
        "adjustments only, a closed one nothing.",
    ),
    "chart": Definition(
        "Chart of accounts",
        "Every account of the legal entity below its parent, with the roles it plays on the day. It is used "
        "from its first day until the day before its last.",
    ),
    "tie-outs": Definition(
        "Tie-outs",
        "What a sub-ledger's documents add up to beside the book, by account role and currency, debit "
        "positive, as it was taken last for the period. Difference is documents less book.",
    ),
    "statistics": Definition(
        "Statistical accounts",
        "Quantities counted by facility and day, in the account's unit; they have no amount and no "
        "currency. What is taken back is there with its mirror. A day that nobody reported has no "
        "entry: it is unknown, not zero.",
    ),
}
