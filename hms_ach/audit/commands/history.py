"""Who changed a row, for the history that django-simple-history keeps of it."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from hms_ach.access.models import User


def attribute(row: models.Model, actor: "User | None") -> None:
    """Let the history row that the next save of this row writes name who acted."""
    row._history_user = actor  # type: ignore[attr-defined]
