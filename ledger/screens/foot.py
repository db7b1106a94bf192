"""What stands below every statement: the definition of its figures, and its files."""

from dataclasses import dataclass

from django.urls import reverse

from hms_ach.web import Request
from ledger.rules.definitions import DEFINITIONS, Definition

FORMS = ("csv", "xlsx", "pdf")


@dataclass(frozen=True, slots=True)
class Foot:
    """files are pairs of a form in capitals and the address of its file, filtered as the page is."""

    definition: Definition
    files: list[tuple[str, str]]


def foot_of(statement: str, request: Request, **more: str) -> Foot:
    """more names what the page's address says in its path, such as the account."""
    query = request.GET.copy()
    query.pop("page", None)
    query.update(more)
    files = [
        (form.upper(), f"{reverse('ledger:statement-file', args=[statement, form])}?{query.urlencode()}")
        for form in FORMS
    ]
    return Foot(DEFINITIONS[statement], files)
