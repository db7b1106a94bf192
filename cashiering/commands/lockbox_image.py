"""Keeping the pictures of a lockbox's cheques and stubs, each with its cheque."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.db import transaction

from cashiering.formats import lockbox
from cashiering.models import LockboxCheque, LockboxDeposit, LockboxImage
from hms_ach import audit, clock, files
from hms_ach.access.models import User
from hms_ach.refusal import FileRejected, Finding

KIND = "lockbox_image"
MAX_BYTES = 64 * 1024 * 1024
_IN_MEMORY = 4_000_000


@dataclass(frozen=True, slots=True)
class ImagesAdded:
    """How many pictures a file brought, and how many of its pictures were here before."""

    added: int
    known: int


@transaction.atomic
def add_lockbox_images(*, content: BinaryIO, name: str, deposit: LockboxDeposit, actor: User) -> ImagesAdded:
    """Keep the pictures of a ZIP, or the one that the file is, each with the cheque that its name tells.

    All or nothing; what is kept stays. Raises FileTooLarge; FileRejected with all findings: what
    `lockbox.unpack` raises, a file that is no picture, a picture of no cheque of the deposit, another
    picture where one is kept.
    """
    with spooled(b"", content) as source:
        unpacked = lockbox.unpack(source, name=name)
    if unpacked.text is not None:
        raise FileRejected(0, "a file in it is no picture: PNG, JPEG, TIFF or PDF")
    return keep_images(unpacked.images, [deposit], actor=actor)


def keep_images(
    images: Sequence[lockbox.LockboxImage], deposits: Sequence[LockboxDeposit], *, actor: User
) -> ImagesAdded:
    """Each picture with the one cheque of these deposits that its name tells. Raises FileRejected."""
    ids = sorted(deposit.pk for deposit in deposits)
    list(LockboxDeposit.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    cheques = list(LockboxCheque.objects.filter(deposit__in=ids).order_by("id"))
    rows = LockboxImage.objects.filter(cheque__deposit__in=ids).select_related("file")
    kept = {(row.cheque_id, row.side, row.page): row.file.sha256 for row in rows}
    findings: list[Finding] = []
    new: list[tuple[lockbox.LockboxImage, LockboxCheque]] = []
    for image in images:
        shown = [
            row
            for row in cheques
            if (row.batch, row.item) == (image.batch, image.item)
            and image.is_of(row.lockbox, row.deposited_on)
        ]
        before = kept.get((shown[0].pk, image.side, image.page)) if len(shown) == 1 else None
        if len(shown) != 1:
            problem = (
                "shows no cheque of the deposit" if not shown else "may show a cheque of several deposits"
            )
            findings.append(_finding(image, problem))
        elif before is None:
            new.append((image, shown[0]))
        elif before != image.sha256:
            findings.append(_finding(image, "is another picture than the one that is kept"))
    if findings:
        raise FileRejected(findings[0].line, f"{findings[0].value} {findings[0].problem}", findings)
    for image, cheque in new:
        _keep(image, cheque, actor)
    for deposit in deposits:
        count = sum(cheque.deposit_id == deposit.pk for _image, cheque in new)
        if count:
            audit.record(
                "cashiering.add_lockbox_images",
                actor=actor,
                subject=deposit,
                facility=deposit.facility,
                after={"pictures": count},
            )
    return ImagesAdded(len(new), len(images) - len(new))


def spooled(head: bytes, content: BinaryIO) -> BinaryIO:
    """Both as one file that can seek. The caller closes it. Raises FileTooLarge."""
    kept = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    size = kept.write(head)
    while piece := content.read(64 * 1024):
        size += len(piece)
        if size > MAX_BYTES:
            kept.close()
            raise files.FileTooLarge(limit_bytes=MAX_BYTES)
        kept.write(piece)
    kept.seek(0)
    return cast(BinaryIO, kept)


def _keep(image: lockbox.LockboxImage, cheque: LockboxCheque, actor: User) -> None:
    stored = files.store(
        image.content,
        name=image.name,
        media_type=image.media_type,
        kind=KIND,
        facility=cheque.facility,
        actor=actor,
        limit_bytes=MAX_BYTES,
    )
    LockboxImage.objects.create(
        cheque=cheque, side=image.side, page=image.page, file=stored, added_by=actor, added_at=clock.now()
    )


def _finding(image: lockbox.LockboxImage, problem: str) -> Finding:
    return Finding(image.line, "name", image.name[-60:], "lockbox pictures", problem)
