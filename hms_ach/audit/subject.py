"""How the trail calls what an event is about."""

from django.db import models


def subject_name(subject: models.Model | str) -> str:
    """What an event calls its subject: the public id, or `app.model:key` for a row without one."""
    if isinstance(subject, str):
        return subject
    return getattr(subject, "public_id", "") or f"{subject._meta.label_lower}:{subject.pk}"
