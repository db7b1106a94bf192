"""A first profile for a table nobody has described yet: shown to a person, never used unseen."""

import re
from collections.abc import Iterator

from reconciliation.formats.table.profile import ProfileWrong, TableProfile, amount_by, date_by, date_pattern
from reconciliation.formats.table.rows import Row

_WORDS = {
    "booked_on": "booking date|posted date|posting date|buchungstag|buchungsdatum|date op|fecha|datum"
    "|transaction date|journaldate|date",
    "value_on": "value date|valuta|wertstellung|date valeur|date de valeur|fecha valor",
    "debit": "debit amount|debit|débit|soll|withdrawal|cargo|money out",
    "credit": "credit amount|credit|crédit|haben|deposit|abono|money in",
    "amount": "amount|betrag|umsatz|montant|importe|netamount|total",
    "side": "transaction type|debit/credit|dr/cr|indicator|soll/haben|af bij",
    "balance": "running balance|balance|saldo|solde|kontostand",
    "currency": "currency|ccy|währung|devise|moneda",
    "account": "iban|account number|konto|compte|cuenta|account",
    "bank_reference": "transaction id|bank reference|referenz|référence|referencia|reference|ref|fitid",
    "counterparty": "counterparty|payee|beneficiary|auftraggeber|empfänger|merchant name|name",
    "description": "description|details|verwendungszweck|buchungstext|libellé|concepto|desc|memo|narrative",
    "code": "type|class|category",
}
_AMOUNTS = ("amount", "debit", "credit", "balance")
_FORMATS = (
    "YYYY-MM-DD", "DD.MM.YYYY", "DD.MM.YY", "DD/MM/YYYY", "MM/DD/YYYY", "DD/MM/YY", "MM/DD/YY",
    "DD-MM-YYYY", "DD-MMM-YY", "DD MMM YYYY", "YYYY/MM/DD", "YYYYMMDD",
)  # fmt: skip


def guess(rows: list[Row], *, delimiter: str = "") -> TableProfile:
    """A profile by the words of the headings and the look of the cells below.

    rows  the first rows of the table, fifty are enough

    Raises ProfileWrong where no row looks like headings with a date and an amount.
    """
    best: tuple[int, int, dict[str, int]] = (0, 0, {})
    for at, (_, cells) in enumerate(rows[:20]):
        places = _places(cells)
        if len(places) > best[0] and "booked_on" in places and _has_amount(places):
            best = (len(places), at, places)
    if not best[0]:
        raise ProfileWrong(problem="no row of the table looks like headings with a date and an amount")
    _, at, places = best
    body = [cells for _, cells in rows[at + 1 :]]
    if "amount" in places:
        places = {field: place for field, place in places.items() if field not in ("debit", "credit")}
    headings = rows[at][1]
    form = _date_format(_texts(body, places, "booked_on"))
    days = [date_by(date_pattern(form), text) for text in _texts(body, places, "booked_on")]
    known = [day for day in days if day]
    return TableProfile(
        columns={field: headings[place] for field, place in places.items()},
        skipped_head=at,
        date_format=form,
        decimal_mark=_decimal_mark(_texts(body, places, *_AMOUNTS)),
        delimiter=delimiter,
        is_newest_first=bool(known) and known[0] > known[-1],
    )


def doubts(rows: list[Row], profile: TableProfile) -> Iterator[tuple[str, str, str]]:
    """(field, text, problem) of each choice of a guessed profile for which another one fits as well."""
    headings, *body = [cells for _, cells in rows[profile.skipped_head :]]
    places = {field: headings.index(column) for field, column in profile.columns.items()}
    days = _texts(body, places, "booked_on")
    read = [date_by(date_pattern(profile.date_format), text) for text in days]
    for form in _FORMATS:
        others = [date_by(date_pattern(form), text) for text in days]
        differs = next(
            (text for text, one, other in zip(days, read, others, strict=True) if one != other), ""
        )
        if differs and None not in (*read, *others):
            yield "booked_on", differs, f"fits {form} as well as {profile.date_format}: say which it is"


def _texts(body: list[list[str]], places: dict[str, int], *fields: str) -> list[str]:
    return [
        cells[places[field]].strip()
        for cells in body
        for field in fields
        if field in places and places[field] < len(cells) and cells[places[field]].strip()
    ]


def _has_amount(places: dict[str, int]) -> bool:
    return "amount" in places or {"debit", "credit"} <= set(places)


def _places(cells: list[str]) -> dict[str, int]:
    """The best column of each field: whole headings first, then beginnings, by the order of the words."""
    names = [cell.strip().casefold() for cell in cells]
    places: dict[str, int] = {}
    taken: set[int] = set()
    for is_whole in (True, False):
        for field, words in _WORDS.items():
            for word in words.split("|"):
                for at, name in enumerate(names):
                    fits = name == word if is_whole else len(word) > 3 and name.startswith(word)
                    if fits and field not in places and at not in taken:
                        places[field] = at
                        taken.add(at)
    return places


def _date_format(texts: list[str]) -> str:
    """The format that reads most of the dates; where two do, the earlier of the list."""
    counts = {
        form: sum(date_by(date_pattern(form), text.strip()) is not None for text in texts)
        for form in _FORMATS
    }
    return max(_FORMATS, key=lambda form: counts[form])


def _decimal_mark(texts: list[str]) -> str:
    counts = {
        mark: sum(not amount_by(mark, text.strip(), "USD")[1] for text in texts if re.search(r"\d", text))
        for mark in (".", ",")
    }
    return "," if counts[","] > counts["."] else "."
