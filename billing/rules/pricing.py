"""Which of several price lists prices a service, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list that could price the service; amount is None where it has no price on the day."""

    list_name: str
    facility_code: str
    payer_class: str
    price_id: int | None = None
    amount: Money | None = None
    starts_on: date | None = None

    @property
    def scope(self) -> str:
        facility = self.facility_code or "every facility"
        payers = self.payer_class.replace("_", " ").lower() if self.payer_class else "every payer"
        return f"{facility}, {payers}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The candidate that has a price, if any, and the steps that led to it, in words."""

    candidate: Candidate | None
    trace: list[dict[str, str]]


def choose(candidates: Iterable[Candidate], *, on: date) -> Chosen:
    """Walk the lists from the narrowest to the widest and take the first that has a price.

    Order: this facility and payer class; this facility; this payer class; everybody.
    """
    trace = []
    for candidate in sorted(candidates, key=_width):
        step = {"list": candidate.list_name, "scope": candidate.scope}
        if candidate.amount is None:
            trace.append({**step, "result": f"no price on {on}"})
            continue
        trace.append({**step, "result": f"{candidate.amount.in_words()}, valid since {candidate.starts_on}"})
        return Chosen(candidate, trace)
    return Chosen(None, trace)


def priced_by_hand(amount: Money, *, who: str) -> list[dict[str, str]]:
    """The trace of a unit price that came with the charge instead of from a list."""
    return [{"list": "by hand", "scope": who, "result": f"{amount.in_words()}, given with the charge"}]


def _width(candidate: Candidate) -> tuple[bool, bool, str]:
    return (not candidate.facility_code, not candidate.payer_class, candidate.list_name)
