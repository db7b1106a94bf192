"""The Z read: a session's figures, written once at its close."""

from cashiering.models import Session, ZRead
from cashiering.queries.till_read import till_read
from hms_ach import clock
from hms_ach.sql import next_number


def write_z_read(session: Session) -> ZRead:
    """Keep the figures of a counted session, numbered without gaps in its register.

    For callers that hold the session's lock.
    """
    read = till_read(session)
    series = f"z_read:{session.register_id}"
    return ZRead.objects.create(
        session=session,
        register=session.register,
        number=next_number(series=series, facility_id=session.facility_id, year=0),
        figures=read.as_json(),
        read_at=clock.now(),
    )
