"""Files that show why a journal is right."""

from django.db.models import QuerySet

from hms_ach.access.models import Facility, User
from hms_ach.files import StoredFile
from ledger.models import Journal

# What such files are called among all stored files.
EVIDENCE = "journal_evidence"


def evidence_kept_by(person: User, *, facility: Facility) -> "QuerySet[StoredFile]":
    """What a person or program kept as evidence for journals of a facility. One SQL query."""
    return StoredFile.objects.filter(kind=EVIDENCE, facility=facility, created_by=person)


def evidence_of(journal: Journal) -> list[StoredFile]:
    """The files that a journal names, in their order. One SQL query, none where they were fetched with it."""
    return [each.file for each in sorted(journal.files.all(), key=lambda each: each.pk)]
