"""What an administrator fills in."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from hms_ach.access.models import Facility
from hms_ach.access.roles import Role
from hms_ach.access.scopes import SCOPES

_HUMAN_ROLES = [(role.value, role.label) for role in Role if role != Role.INTEGRATOR]


class UserForm(forms.Form):
    username = forms.RegexField(
        label="User name",
        regex=r"^[a-z0-9][a-z0-9._-]{2,59}$",
        help_text="Small letters, digits, dots and hyphens, such as cashier.ana.",
        error_messages={"invalid": "Use 3 to 60 small letters, digits, dots and hyphens."},
    )
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail", required=False)
    password = forms.CharField(
        label="First password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 15 characters. The person changes it after signing in.",
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=[("", "Choose a role"), *_HUMAN_ROLES])
    reason = forms.CharField(label="Reason", max_length=200)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=200)


class FacilityForm(forms.Form):
    facility = forms.ModelChoiceField(
        label="Facility",
        queryset=Facility.objects.order_by("code", "id"),
        to_field_name="code",
        empty_label="Choose a facility",
    )


class ScopesForm(forms.Form):
    scopes = forms.MultipleChoiceField(
        label="Scopes",
        choices=[(scope, f"{scope}: {meaning}") for scope, meaning in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )


class ApiClientForm(ScopesForm):
    client_id = forms.CharField(
        label="Client id", max_length=40, help_text="Small letters, digits and hyphens, such as lab-system."
    )
    name = forms.CharField(label="Name", max_length=120)
    facilities = forms.ModelMultipleChoiceField(
        label="Facilities",
        queryset=Facility.objects.order_by("code", "id"),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ["client_id", "name", "facilities", "scopes"]


class RoleFilter(forms.Form):
    q = forms.CharField(label="User name or name", required=False)
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "All roles"), *_HUMAN_ROLES])
