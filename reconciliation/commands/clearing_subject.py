"""What a proposal for suspense names: an invoice, a patient, or another legal entity and its invoice."""

from typing import Any

from django.db.models import QuerySet

from billing.queries import invoices_of, people_of
from hms_ach.access.models import Facility, User
from hms_ach.refusal import Refusal
from reconciliation.commands.sweep_half import refuse_elsewhere
from reconciliation.rules.clearing import PURPOSES

# What a person names for a purpose, in words.
_KINDS = {"invoice": "invoice", "owner": "invoice", "patient": "patient", "expected": "expected item"}


class DocumentNotFound(Refusal):
    code = "document_not_found"
    status = 422
    sentence = "{facility} has no {kind} {document}. Check the number, and enter it in full."


class DocumentNotSaid(DocumentNotFound):
    code = "document_not_said"
    sentence = "Enter the number of the {kind}, in full."


class OwnerUnfit(Refusal):
    code = "owner_unfit"
    status = 422
    sentence = "Another legal entity's money needs a facility of that entity. Choose one, or another purpose."


def refuse_owner(purpose: str, owner: Facility | None, receiver: Facility, actor: User) -> None:
    """Of another legal entity's money: the owner is of another one, and the person works there, too."""
    if PURPOSES[purpose].needs != "owner":
        return
    if owner is None or owner.legal_entity_id == receiver.legal_entity_id:
        raise OwnerUnfit()
    refuse_elsewhere(owner, actor)


def document_named(facility: Facility, purpose: str, number: str) -> str:
    """The public id of what the person named. Raises DocumentNotFound, also when nothing was."""
    kind = PURPOSES[purpose].needs
    if not kind:
        return ""
    here = [facility.pk]
    rows: QuerySet[Any] = (
        people_of(here).filter(mrn=number) if kind == "patient" else invoices_of(here).filter(number=number)
    )
    public_id = rows.values_list("public_id", flat=True).first() if number else None
    if public_id is None and kind == "owner" and not number:
        return ""
    if public_id is None:
        if not number:
            raise DocumentNotSaid(kind=_KINDS[kind])
        raise DocumentNotFound(facility=facility.code, kind=_KINDS[kind], document=number)
    return public_id
