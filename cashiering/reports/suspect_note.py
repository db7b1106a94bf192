"""The form that goes with a note that may be false to whoever keeps it."""

from cashiering.models import SuspectNote
from hms_ach.web.pdf import pdf_of


def suspect_note_pdf(note: SuspectNote) -> bytes:
    """One page that both sides sign: the note, who paid with it, what looks wrong, who keeps it."""
    session = note.movement.session
    context = {"note": note, "session": session, "facility": session.facility}
    return pdf_of("print/suspect_note.html", context)
