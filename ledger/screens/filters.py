"""What the screens of the book are narrowed by: legal entity, facility and days."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from hms_ach import clock
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from ledger.queries import Scope

_NOT_OPEN = {"invalid_choice": "“%(value)s” is none of yours."}


class FilterNotUnderstood(Refusal):
    code = "filter_not_understood"
    status = 422
    sentence = (
        "Nothing was produced: {problem} Change the filter on the statement's page, then take it again."
    )


def day_field(label: str) -> forms.DateField:
    """A day that a book may have; what lies outside is a slip of the keyboard."""
    field = forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": "This is no day; write it as 2026-03-31."},
    )
    field.validators.append(_in_our_time)
    return field


def _in_our_time(value: date) -> None:
    if not 1900 <= value.year <= 2999:
        raise forms.ValidationError("Choose a day between the years 1900 and 2999.")


class BookFilter(forms.Form):
    """A choice among the person's own entities and facilities, and of days."""

    entity = forms.ChoiceField(label="Legal entity", required=False, error_messages=_NOT_OPEN)
    facility = forms.ChoiceField(label="Facility", required=False, error_messages=_NOT_OPEN)
    since = day_field("From")
    until = day_field("Up to and with")

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
        """What was chosen, with today and all facilities where nothing was.

        None without any facility, and for a filter that cannot be understood: nothing is shown then
        (`ledger/_no_facility.html` says why), because other figures than those asked for would mislead.
        """
        if not self.open_to_user or not self.is_valid():
            return None
        chosen = self.cleaned_data
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
            known_at=_known_at(chosen.get("known_at"), facilities[0].timezone),
            before_closing=bool(chosen.get("before_closing")),
        )

    def scope_or_refuse(self) -> Scope:
        """The same, for a file. Raises FilterNotUnderstood where nothing would be shown."""
        scope = self.scope()
        if scope is None:
            problems = [
                f"{self[name].label}: {' '.join(map(str, found))}" for name, found in self.errors.items()
            ]
            raise FilterNotUnderstood(problem=" ".join(problems) or "no facility is open to you.")
        return scope


def before_closing_field() -> forms.BooleanField:
    """Whether the closing entries of the last day's fiscal year are left out."""
    return forms.BooleanField(label="Before the year's closing", required=False)


class StatementFilter(BookFilter):
    """The same, and a moment: what was posted later is left out."""

    known_at = forms.DateTimeField(
        label="As known at",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "any"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "This is no moment; write it as 2026-03-31 17:00."},
        input_formats=[
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%dT%H:%M:%S.%f",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%d",
        ],
    )

    def clean_known_at(self) -> datetime | None:
        moment = self.cleaned_data.get("known_at")
        if moment is not None:
            _in_our_time(moment.date())
        return moment


def _known_at(chosen: datetime | None, timezone: str) -> datetime | None:
    """The moment that the person typed, on the facility's clock, whatever zone the form read it in."""
    return None if chosen is None else chosen.replace(tzinfo=ZoneInfo(timezone))
