"""Fetching banks' files: kept first, then read; every attempt is a row."""

from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from django.conf import settings
from django.db import transaction

from hms_ach import clock, files
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from reconciliation.commands.statement import KIND, refused_because, take_in
from reconciliation.gateways import RemoteFile, Source, SourceFailed, open_source
from reconciliation.models import BankConnection, BankDelivery

Result = BankDelivery.Result
# A file with one of these was decided; a failed one is fetched again.
DECIDED = (Result.TAKEN_IN, Result.KNOWN, Result.REFUSED)


def fetch_files(*, connection_id: int, actor: User | None = None) -> list[BankDelivery]:
    """Fetch what the bank has that was not fetched before; the rows of this attempt.

    Not one transaction: each file is kept, then taken in, then logged. A file that fails does not
    hold up the others; nothing is changed at the bank. Safe to run twice and at once.
    """
    connection = BankConnection.objects.select_related("facility", "owner").get(pk=connection_id)
    log = _Log(connection, actor)
    if connection.state != BankConnection.State.ACTIVE:
        return [log.write(Result.FAILED, problem="The connection is paused.")]
    try:
        source = _opened(connection)
    except SourceFailed as failed:
        return [log.write(Result.FAILED, problem=str(failed))]
    try:
        wanted = _new_files(connection, source)
        rows = [_fetch(source, file, log) for file in wanted]
    except SourceFailed as failed:
        return [log.write(Result.FAILED, problem=str(failed))]
    finally:
        source.close()
    return rows or [log.write(Result.NOTHING)]


def _opened(connection: BankConnection) -> Source:
    return open_source(
        connection.kind,
        connection.place,
        username=connection.username,
        secret=connection.secret,
        host_key=connection.host_key,
        authorities=connection.authorities,
        folders=Path(settings.BANK_FOLDERS),
        allow_loopback=settings.BANK_ALLOW_LOOPBACK,
    )


def _new_files(connection: BankConnection, source: Source) -> list[RemoteFile]:
    """What matches the pattern and was not decided before. One query."""
    decided = set(
        BankDelivery.objects.filter(connection=connection, result__in=DECIDED).values_list(
            "remote_name", "fingerprint"
        )
    )
    return [
        file
        for file in source.files()
        if fnmatchcase(file.name, connection.pattern) and (file.name, file.fingerprint) not in decided
    ]


def _fetch(source: Source, file: RemoteFile, log: "_Log") -> BankDelivery:
    """Keep one file, take it in, log it. Raises nothing but bugs."""
    began_at = clock.now()
    try:
        with source.open(file) as content:
            stored = files.store(
                content,
                name=file.name,
                media_type="application/octet-stream",
                kind=KIND,
                facility=log.connection.facility,
                actor=log.actor,
            )
    except SourceFailed as failed:
        return log.write(Result.FAILED, file, began_at=began_at, problem=str(failed))
    except Refusal as refusal:
        return log.write(Result.REFUSED, file, began_at=began_at, problem=str(refusal))
    try:
        taken = take_in(stored, actor=log.actor, facility_ids=[log.connection.facility_id])
    except Refusal as refusal:
        return log.write(
            Result.REFUSED, file, began_at=began_at, stored=stored, problem=refused_because(refusal)
        )
    result = Result.KNOWN if taken.is_known else Result.TAKEN_IN
    return log.write(result, file, began_at=began_at, stored=stored)


class _Log:
    """Writes the rows of one attempt."""

    def __init__(self, connection: BankConnection, asked_by: User | None) -> None:
        self.connection, self._asked_by = connection, asked_by
        self.actor = asked_by or connection.owner
        self._began_at = clock.now()

    @transaction.atomic
    def write(
        self,
        result: str,
        file: RemoteFile | None = None,
        *,
        began_at: datetime | None = None,
        stored=None,
        problem: str = "",
    ) -> BankDelivery:
        return BankDelivery.objects.create(
            connection=self.connection,
            remote_name=file.name if file else "",
            fingerprint=file.fingerprint if file else "",
            result=result,
            problem=problem[:2000],
            file=stored,
            size=stored.size if stored else None,
            asked_by=self._asked_by,
            began_at=began_at or self._began_at,
            ended_at=clock.now(),
        )
