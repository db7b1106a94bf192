"""The forms of the mapping workshop."""

from typing import Any

from django import forms

from hms_ach.web import offer
from ledger.formats.mapping import RuleRow
from ledger.models import MappingVersion
from ledger.queries import account_categories, categories_of

_MOST_BYTES = 10 * 1024 * 1024


class DraftForm(forms.Form):
    entity = forms.ChoiceField(label="Legal entity")
    effective_from = forms.DateField(label="Counts from", widget=forms.DateInput({"type": "date"}))
    segments = forms.CharField(
        label="Parts of the general ledger's code", max_length=300, initial="Account, Cost centre"
    )
    account_segment = forms.CharField(label="Which part is the account", max_length=30, initial="Account")
    is_strict = forms.BooleanField(label="One-to-one: no two categories lead to one code", required=False)
    copies = forms.BooleanField(
        label="Begin with the rules of the latest approved version", required=False, initial=True
    )
    reason = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


class UploadForm(forms.Form):
    file = forms.FileField(label="Rules as CSV or XLSX")

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > _MOST_BYTES:
            raise forms.ValidationError("The file is larger than 10 MB. A map is much smaller.")
        return upload


class RuleForm(forms.Form):
    """Where one category leads; empty narrowing fields fit everything."""

    category = forms.ChoiceField(label="Category")
    facility = forms.ChoiceField(label="Facility", required=False)
    payer_class = forms.CharField(label="Payer class", max_length=40, required=False)
    tender = forms.CharField(label="Tender", max_length=20, required=False)
    code = forms.CharField(label="GL code", max_length=300)
    valid_from = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}))
    valid_until = forms.DateField(
        label="Until the day before", required=False, widget=forms.DateInput({"type": "date"})
    )

    def row(self) -> RuleRow:
        chosen = self.cleaned_data
        return RuleRow(
            line=1,
            category=chosen["category"],
            facility=chosen["facility"],
            payer_class=chosen["payer_class"].upper(),
            tender=chosen["tender"].upper(),
            segments=tuple(part.strip() for part in chosen["code"].split(",")),
            valid_from=chosen["valid_from"],
            valid_until=chosen["valid_until"],
        )


class NoteForm(forms.Form):
    category = forms.ChoiceField(label="About")
    body = forms.CharField(label="Question or decision", max_length=1000, widget=forms.Textarea({"rows": 2}))
    is_decision = forms.BooleanField(label="This decides it", required=False)


class CommentForm(forms.Form):
    comment = forms.CharField(label="Comment", max_length=500, required=False)


class WithdrawalForm(forms.Form):
    comment = forms.CharField(label="Why the version is given up", max_length=500)


def rule_form(version: MappingVersion, data: Any = None) -> RuleForm:
    form = RuleForm(data, initial={"valid_from": version.effective_from}, prefix="rule")
    offer(form, "category", _categories(version))
    facilities = version.legal_entity.facilities.order_by("code")
    offer(form, "facility", [("", "Any"), *[(place.code, place.code) for place in facilities]])
    form.fields["code"].help_text = f"{', '.join(version.segment_names)}: with commas."
    return form


def note_form(version: MappingVersion, data: Any = None) -> NoteForm:
    form = NoteForm(data, prefix="note")
    offer(form, "category", _categories(version))
    return form


def _categories(version: MappingVersion) -> list[tuple[str, str]]:
    roles = sorted(categories_of(version.legal_entity, on=version.effective_from))
    return [(category, category) for category in [*roles, *account_categories(version.legal_entity)]]
