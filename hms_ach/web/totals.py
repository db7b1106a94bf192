"""Control totals of a list: what all of its rows add up to, on every page of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet, Sum
from django.db.models.functions import Coalesce

from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class ListTotal:
    """One figure of a list, by currency; no amount where the list is empty."""

    label: str
    amounts: list[Money]


def totals_of(
    rows: "QuerySet[Any]", figures: Mapping[str, Any], *, currency: str = "currency"
) -> list[ListTotal]:
    """What the rows add up to, whatever page of them is shown. One SQL query.

    figures   label → a column or an expression in minor units, such as {"Total": "total_minor"}
    currency  the column that says in what
    """
    model: type[Model] = rows.model
    sums = {f"sum_{n}": Coalesce(Sum(figure), 0) for n, figure in enumerate(figures.values())}
    found = model._base_manager.filter(pk__in=rows.order_by().values("pk"))
    by_currency = list(found.values(currency).annotate(**sums).order_by(currency))
    return [
        ListTotal(label, [Money(int(row[f"sum_{n}"]), row[currency]) for row in by_currency])
        for n, label in enumerate(figures)
    ]
