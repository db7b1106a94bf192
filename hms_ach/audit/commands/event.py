"""Writing events."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from hms_ach import clock
from hms_ach.audit.models import Event
from hms_ach.audit.plain import plain
from hms_ach.audit.request_id import request_id
from hms_ach.audit.subject import subject_name
from hms_ach.ids import new_id

if TYPE_CHECKING:
    from hms_ach.access.models import Facility, User


def record(
    action: str,
    *,
    actor: "User | None",
    subject: models.Model | str,
    facility: "Facility | None" = None,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    on_behalf_of: "User | None" = None,
) -> Event:
    """Write one event in the caller's transaction. One statement.

    action        `<app>.<verb_noun>` of the command that acts
    actor         who acts; None for the system itself (a timed task)
    subject       the document or its public id
    facility      the subject's own facility when omitted
    before, after the changed fields only; a personal or secret value is never given here
    """
    facility_id = facility.pk if facility else getattr(subject, "facility_id", None)
    values = [
        new_id("aud"),
        clock.now(),
        action,
        actor.pk if actor else None,
        on_behalf_of.pk if on_behalf_of else None,
        subject._meta.label_lower if isinstance(subject, models.Model) else "",
        subject_name(subject),
        facility_id,
        request_id(),
        reason,
        _json(before),
        _json(after),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
        return Event.from_db(connection.alias, _COLUMNS, cursor.fetchone())


_COLUMNS = [
    "id", "public_id", "epoch", "at", "action", "actor_id", "on_behalf_of_id", "subject_kind", "subject",
    "facility_id", "request_id", "reason",
]  # fmt: skip
_RECORD = (
    f"SELECT {', '.join(_COLUMNS)} FROM audit_record(%s::text, %s::timestamptz, %s::text, %s::bigint,"  # noqa: S608
    " %s::bigint, %s::text, %s::text, %s::bigint, %s::text, %s::text, %s::jsonb, %s::jsonb)"
)


def _json(fields: Mapping[str, Any] | None) -> str | None:
    return None if fields is None else json.dumps(plain(fields), ensure_ascii=False)
