"""Which tenders a register takes and gives back."""

from collections.abc import Iterable

from cashiering.models import Session
from cashiering.rules.tenders import refuse_not_taken


def refuse_not_here(session: Session, kinds: Iterable[str]) -> None:
    """Raises TenderNotAtRegister; never for a rescue session, which books what a terminal charged already."""
    register = session.register
    if not session.is_rescue:
        refuse_not_taken(kinds, register=register.code, takes=register.takes)
