"""Taking a file out."""

from django.http import FileResponse, Http404

from hms_ach import audit
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.files.models import StoredFile
from hms_ach.files.queries import FileNotFound, file_named, open_file
from hms_ach.web import Request, screen


@screen("files.open_file")
def download(request: Request, public_id: str) -> FileResponse:
    """The bytes, always as a download of no type that a browser would run; who took them is recorded."""
    try:
        file = file_named(public_id)
    except FileNotFound:
        raise Http404 from None
    if file.facility_id is not None and file.facility_id not in facility_ids_of(request.user):
        raise Http404
    return download_of(file, actor=request.user)


def download_of(file: StoredFile, *, actor: User) -> FileResponse:
    """A kept file as an answer, for who may see it; that it was taken out is recorded."""
    audit.record("files.open_file", actor=actor, subject=file)
    response = FileResponse(
        open_file(file.public_id),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
        headers={"Content-Length": str(file.size), "Cache-Control": "no-store"},
    )
    response["Content-Security-Policy"] = "sandbox"
    return response


def picture_of(file: StoredFile, *, actor: User) -> FileResponse:
    """A kept PNG or JPEG to be looked at in a page, and nothing else; that it was looked at is recorded."""
    assert file.is_picture
    audit.record("files.open_file", actor=actor, subject=file)
    response = FileResponse(
        open_file(file.public_id),
        content_type=file.media_type,
        headers={"Content-Length": str(file.size), "Cache-Control": "no-store"},
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
