"""What an entry and its transactions say, gathered from the fields of one Ntry."""

from typing import NamedTuple

from reconciliation.formats import values as said
from reconciliation.formats.guarded_xml import Frame
from reconciliation.formats.statement import Detail

MAX_DETAILS = 1_000
_LABELS = {
    "Dbtr": "Debtor", "Cdtr": "Creditor", "UltmtDbtr": "Ultimate debtor", "UltmtCdtr": "Ultimate creditor",
}  # fmt: skip
ONCE = {"amount": "Amt", "amount.currency": "Amt/@Ccy", "side": "CdtDbtInd", "reversal": "RvslInd"}
_CHARGES = {"charges": "Charges", "charge": "Charge"}
# What is gathered wherever it stands, and more than once.
_SEVERAL = {
    "ref", "bank_reference", "text", "code", "tx_code", "tx_own_code", "return_reason", "card_batch",
    "batch_count", "instructed", *_CHARGES, "+detail", "-detail",
}  # fmt: skip


class Gathered(NamedTuple):
    """values: the entry's own fields, the first of each; details: the fields of each transaction.

    notes  sentences about fields that have no place of their own in an entry, each once
    twice  a field of the entry that stands there with two values
    """

    values: dict[str, str]
    references: tuple[str, ...]
    texts: list[str]
    notes: list[str]
    codes: list[str]
    details: list[Frame]
    twice: str = ""


def gathered(frame: Frame) -> Gathered:
    """Everything in file order. References and texts count wherever they stand."""
    values: dict[str, str] = {}
    references: dict[str, None] = {}
    found: dict[str, list[str]] = {name: [] for name in _SEVERAL}
    details: list[Frame] = []
    is_inside, since, currency, twice = False, 0, "", ""
    for position, (name, text) in enumerate(frame):
        if name == "+detail":
            is_inside, since = True, position + 1
        elif name == "-detail":
            is_inside = False
            details.append(frame[since:position])
        elif name in ("ref", "bank_reference"):
            if text.upper() not in said.NO_REFERENCE:
                references[text[:140]] = None
            if name == "bank_reference":
                values.setdefault(name, text)
        elif name in found:
            found[name].append(f"{text} {currency}" if currency else text)
        elif not is_inside and values.setdefault(name, text) != text and name in ONCE:
            twice = name
        currency = text if name.endswith(".currency") else ""
    codes = found["code"]
    if not codes and len(details) == 1 and "own_code" not in values:
        codes = found["tx_own_code"] or found["tx_code"]
    notes = _notes(values, found, len(details))
    return Gathered(values, tuple(references)[:MAX_DETAILS], found["text"], notes, codes, details, twice)


def _notes(values: dict[str, str], found: dict[str, list[str]], count: int) -> list[str]:
    notes = [f"Return reason {reason}." for reason in found["return_reason"]]
    name = "charges" if found["charges"] else "charge"
    notes += [f"{_CHARGES[name]} {amount}." for amount in found[name] if amount.split(" ")[0].strip("0.")]
    whole = (_bare(values.get("amount", "")), values.get("amount.currency"))
    if count < 2:
        instructed = [(amount, *amount.partition(" ")[::2]) for amount in found["instructed"]]
        notes += [
            f"Instructed {shown}." for shown, number, code in instructed if (_bare(number), code) != whole
        ]
    notes += [f"Card batch {number}." for number in found["card_batch"]]
    notes += [f"Batch of {number} transactions." for number in found["batch_count"] if number != str(count)]
    return list(dict.fromkeys(notes))[:MAX_DETAILS]


def _bare(number: str) -> str:
    """A decimal number without zeros behind its point that say nothing."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def parties(details: list[Frame], side: str, *, is_return: bool) -> tuple[str, list[str]]:
    """The other party, where all transactions name the same one, and notes on further parties.

    A credit comes from the debtor, a debit goes to the creditor; the party in whose name they act stands
    in for one that is not named. Banks differ in whose roles a return names: one name will do, of two
    the second is noted.
    """
    asked, other = ("Cdtr", "Dbtr") if side == "DBIT" else ("Dbtr", "Cdtr")
    names: dict[str, None] = {}
    notes: dict[str, None] = {}
    for frame in details:
        found = {name: text for name, text in reversed(frame) if name in _LABELS}
        order = (asked, f"Ultmt{asked}", *((other, f"Ultmt{other}") if is_return else ()))
        chosen = next((name for name in order if name in found), "")
        names[found.get(chosen, "")] = None
        further = [name for name in order if name in found and found[name] != found[chosen]]
        notes |= {f"{_LABELS[name]} {found[name]}.": None for name in further}
    names.pop("", None)
    return (next(iter(names))[:140] if len(names) == 1 else ""), list(notes)[:MAX_DETAILS]


def detail_of(frame: Frame, entry_currency: str, entry_side: str) -> Detail:
    """One transaction; its amount is None where it is left out or in another currency."""
    values = dict(reversed(frame))
    name = "amount" if "amount" in values else "tx_amount"
    minor: int | None = None
    if name in values and values.get(f"{name}.currency") == entry_currency:
        minor, problem = said.amount_of(values[name], entry_currency)
        minor = None if problem else minor
    side = values.get("side", entry_side)
    if minor is not None and values.get("side") == "DBIT":
        minor = -minor
    party, _ = parties([frame], side, is_return="return_reason" in values)
    texts = " ".join(text for name, text in frame if name == "text")
    return Detail(minor, _references(frame), party, texts[:2000])


def _references(frame: Frame) -> tuple[str, ...]:
    """Each reference once, in file order, without the words that mean there is none."""
    found = {
        text[:140]: None for name, text in frame if name == "ref" and text.upper() not in said.NO_REFERENCE
    }
    return tuple(found)
