"""Answering with a page, a row of the user's own, or a form that was refused."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.forms import ChoiceField, Form, Textarea
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from hms_ach.refusal import Refusal
from hms_ach.web.request import Request

Row = TypeVar("Row", bound=Model)


def page(
    request: Request,
    *,
    full: str,
    fragment: str = "",
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The full page or, when htmx asks for part of it, the fragment that the page includes.

    full, fragment  template names; without a fragment htmx gets the full page too
    """
    asked_by_htmx = bool(request.htmx) and not request.htmx.boosted
    template = fragment if fragment and asked_by_htmx else full
    response = render(request, template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def scoped_or_404(
    queryset: QuerySet[Row], request: Request, *, facility_path: str = "facility_id", **lookup: Any
) -> Row:
    """The one row of the lookup within the user's facilities; 404 alike for a foreign and a missing one.

    facility_path  the way from the row to its facility, such as "session__register__facility_id"
    """
    # Imported here: this package names an application, and is read before any model may be.
    from hms_ach.access.queries import facility_ids_of

    scoped = queryset.filter(**{f"{facility_path}__in": facility_ids_of(request.user)})
    return get_object_or_404(scoped, **lookup)


class KeyArea(Textarea):
    """Lines of a key or a certificate that anybody may see."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"})


class SecretArea(KeyArea):
    """Lines of a key or a password: what was typed is never sent back. See ask_secret_again."""

    def format_value(self, value: Any) -> str:
        return ""


def ask_secret_again(form: Form, field: str = "secret") -> None:
    """Say on a form that failed that its secret, which was typed, is not there any more."""
    if form.errors and form.data.get(field):
        form.add_error(field, "Enter it again: a secret is never sent back to the page.")


def offer(form: Form, field: str, choices: Iterable[tuple[Any, str]]) -> None:
    """Let a form offer these choices in a field that its class declares without any."""
    chooser = form.fields[field]
    assert isinstance(chooser, ChoiceField)
    chooser.choices = list(choices)


def refuse_on_form(form: Form, refusal: Refusal, *, field: str | None = None) -> Form:
    """Show a refusal among the form's errors, at a field when it is about one. Returns the form."""
    form.is_valid()
    form.add_error(field if field in form.fields else None, str(refusal))
    return form
