"""A general ledger's own layout: written and tried by one person, approved by another, used on batches."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max

from hms_ach import audit, clock
from hms_ach.access.models import LegalEntity, User
from hms_ach.refusal import Refusal
from ledger.commands.gl_batch_file import header_of, lines_of, store_file, trailer_of
from ledger.formats import sample_batch
from ledger.formats.batch_document import batch_json, batch_xml
from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer
from ledger.formats.own_table import OwnTable, TableWrong, read_table
from ledger.formats.own_table_file import sample_for, write_table
from ledger.gateways.transform import TransformFailed, run_transform
from ledger.models import ExportProfile, ExportProfileApproval, GlBatch, GlBatchFile


class ProfileByWriter(Refusal):
    code = "profile_by_writer"
    status = 403
    sentence = "You wrote {profile}, so another person must approve it."


class ProfileApprovedAlready(Refusal):
    code = "profile_approved_already"
    sentence = "{profile} is approved already. Nothing was done again."


class ProfileNotApproved(Refusal):
    code = "profile_not_approved"
    sentence = "{profile} is not approved yet. Let another person approve it first."


class GoldenFileDiffers(Refusal):
    code = "golden_file_differs"
    status = 422
    sentence = (
        "{profile} no longer gives its golden file, so that a batch would not have the same bytes twice. "
        "Write a version without dates, random numbers or other changing values."
    )


class TableUnfit(TransformFailed):
    code = "table_unfit"
    sentence = "The table {problem}. Nothing was written; correct its columns and try it again."


class Parts(NamedTuple):
    """A batch as a layout gets it."""

    header: BatchHeader
    lines: Iterable[BatchLine]
    trailer: BatchTrailer


def try_profile(*, language: str, source: str) -> bytes:
    """What a profile makes of the sample batch; nothing is kept. Raises TransformFailed, TableUnfit."""
    header, lines = sample_batch.HEADER, sample_batch.lines()
    if language == "TABLE":
        header, lines = sample_for(_table(source), header, lines)
    return _made(language, source, Parts(header, lines, sample_batch.TRAILER))


def _made(language: str, source: str, parts: Parts) -> bytes:
    """A table is written here, for nothing of it runs; a transform in a process of its own."""
    if language == "TABLE":
        try:
            return b"".join(write_table(_table(source), *parts))
        except TableWrong as wrong:
            raise TableUnfit(problem=str(wrong)) from None
    document = batch_json(*parts) if language == "JS" else batch_xml(*parts)
    return run_transform(language=language, source=source, document=document)


def _table(source: str) -> OwnTable:
    try:
        return read_table(source)
    except TableWrong as wrong:
        raise TableUnfit(problem=str(wrong)) from None


def write_profile(
    *,
    legal_entity: LegalEntity,
    code: str,
    language: str,
    source: str,
    media_type: str,
    extension: str,
    reason: str,
    actor: User,
) -> ExportProfile:
    """Keep a new version of a profile with what it makes of the sample batch, its golden file.

    Raises TransformFailed, TableUnfit.
    """
    golden = try_profile(language=language, source=source)
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
        same = ExportProfile.objects.filter(legal_entity=legal_entity, code=code)
        profile = ExportProfile.objects.create(
            legal_entity=legal_entity,
            code=code,
            version=(same.aggregate(last=Max("version"))["last"] or 0) + 1,
            language=language,
            source=source,
            media_type=media_type,
            extension=extension,
            golden=golden,
            reason=reason,
            written_by=actor,
            written_at=clock.now(),
        )
        audit.record("ledger.write_profile", actor=actor, subject=profile, reason=reason)
    return profile


def check_golden(profile: ExportProfile) -> None:
    """Raises GoldenFileDiffers when the transform makes something else than when it was written."""
    if try_profile(language=profile.language, source=profile.source) != bytes(profile.golden):
        raise GoldenFileDiffers(profile=profile)


def approve_profile(*, profile: ExportProfile, actor: User) -> ExportProfileApproval:
    """Let a profile count, if it still gives its golden file.

    Raises ProfileByWriter, ProfileApprovedAlready, GoldenFileDiffers.
    """
    if profile.written_by_id == actor.pk:
        raise ProfileByWriter(profile=profile)
    check_golden(profile)
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(pk=profile.legal_entity_id)
        if ExportProfileApproval.objects.filter(profile=profile).exists():
            raise ProfileApprovedAlready(profile=profile)
        approval = ExportProfileApproval.objects.create(
            profile=profile, approved_by=actor, approved_at=clock.now()
        )
        audit.record("ledger.approve_profile", actor=actor, subject=profile)
    return approval


def write_profile_file(*, batch: GlBatch, profile: ExportProfile, actor: User | None) -> GlBatchFile:
    """The batch in the profile's layout: made the first time, the same bytes ever after.

    Raises ProfileNotApproved, TransformFailed, TableUnfit.
    """
    if not ExportProfileApproval.objects.filter(profile=profile).exists():
        raise ProfileNotApproved(profile=profile)
    if known := batch.files.filter(layout=profile.public_id).first():
        return known
    rows = list(batch.lines.select_related("department").order_by("line"))
    parts = Parts(header_of(batch), lines_of(batch, rows, has_links=False), trailer_of(batch))
    output = _made(profile.language, profile.source, parts)
    with transaction.atomic():
        pieces = iter([output])
        file = store_file(batch, profile.public_id, pieces, profile.media_type, profile.extension)
        audit.record(
            "ledger.write_profile_file",
            actor=actor,
            subject=batch,
            facility=batch.facility,
            after={"profile": profile.public_id, "sha256": file.sha256},
        )
    return file
