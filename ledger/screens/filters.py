"""What the screens of the book are narrowed by: legal entity, facility and days."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from hms_ach import clock
from hms_ach.access.models import Facility, LegalEntity
from hms_ach.access.queries import facilities_of


@dataclass(frozen=True, slots=True)
class Scope:
    """What the person chose, never more than is open to them."""

    legal_entity: LegalEntity
    facilities: list[Facility]
    since: date | None
    until: date
    is_narrowed: bool

    @property
    def facility_ids(self) -> list[int]:
        return [facility.pk for facility in self.facilities]


class BookFilter(forms.Form):
    """A choice among the person's own entities and facilities, and of days."""

    entity = forms.ChoiceField(label="Legal entity", required=False)
    facility = forms.ChoiceField(label="Facility", required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="Up to and with", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, request: Any) -> None:
        self.open_to_user = facilities_of(request.user)
        super().__init__(request.GET, auto_id="%s")
        entities = {facility.legal_entity.code: facility.legal_entity.name for facility in self.open_to_user}
        own = [(facility.code, facility.name) for facility in self.open_to_user]
        self._offer("entity", list(entities.items()))
        self._offer("facility", [("", "All of mine"), *own])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("since") and chosen.get("until") and chosen["since"] > chosen["until"]:
            self.add_error("since", "This day is after the last one. Choose an earlier day.")
        return chosen

    def scope(self) -> Scope | None:
        """What was chosen, with today and all facilities where nothing was; None without any facility."""
        if not self.open_to_user:
            return None
        chosen = self.cleaned_data if self.is_valid() else {}
        facilities = [f for f in self.open_to_user if f.code == chosen.get("facility")]
        code = facilities[0].legal_entity.code if facilities else chosen.get("entity")
        of_entity = [f for f in self.open_to_user if f.legal_entity.code == code] or self.open_to_user
        entity = of_entity[0].legal_entity
        facilities = facilities or [f for f in of_entity if f.legal_entity == entity]
        return Scope(
            legal_entity=entity,
            facilities=facilities,
            since=chosen.get("since"),
            until=chosen.get("until") or clock.today(facilities[0].timezone),
            is_narrowed=any(chosen.values()),
        )
