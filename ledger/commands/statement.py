"""Taking a statement of the book out of the house."""

from collections.abc import Mapping

from hms_ach import audit
from hms_ach.access.models import LegalEntity, User


def export_statement(
    *, legal_entity: LegalEntity, statement: str, form: str, asked: Mapping[str, str], actor: User
) -> None:
    """Keep in the audit trail who took which statement, in which form, narrowed to what.

    asked  the filter as it was given; it holds codes and days, no names
    """
    audit.record(
        "ledger.export_statement",
        actor=actor,
        subject=legal_entity,
        after={"statement": statement, "form": form, "asked": dict(asked)},
    )
