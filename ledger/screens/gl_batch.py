"""GL batches: the list, one batch, and its bytes."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse

from hms_ach.access.queries import facility_ids_of
from hms_ach.web import Request, page, screen
from ledger.models import GlBatch
from ledger.queries import gl_batch, gl_batch_file, gl_batch_lines, gl_batch_sha256, gl_batches
from ledger.screens.filters import BookFilter

MEDIA_TYPES = {"json": "application/json", "jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8"}


@screen("ledger.view_gl_batch")
def gl_batch_list(request: Request) -> HttpResponse:
    """The batches of the person's facilities, latest first."""
    filters = BookFilter(request)
    scope = filters.scope()
    batches = gl_batches(
        facility_ids=scope.facility_ids if scope else [],
        since=scope.since if scope else None,
        until=filters.cleaned_data.get("until") if filters.is_valid() else None,
    )
    return page(
        request,
        full="ledger/gl_batch/list.html",
        fragment="ledger/gl_batch/_table.html",
        context={
            "filters": filters,
            "scope": scope,
            "page": Paginator(batches, 50).get_page(request.GET.get("page", 1)),
        },
    )


@screen("ledger.view_gl_batch")
def gl_batch_detail(request: Request, public_id: str) -> HttpResponse:
    """One batch with its lines, control totals and files."""
    batch = _batch_or_404(request, public_id)
    return page(
        request,
        full="ledger/gl_batch/detail.html",
        context={"batch": batch, "lines": gl_batch_lines(batch), "files": gl_batch_sha256(batch).items()},
    )


@screen("ledger.view_gl_batch")
def gl_batch_download(request: Request, public_id: str, layout: str) -> HttpResponse:
    """The batch's bytes in one layout, as they were built."""
    if layout not in MEDIA_TYPES:
        raise Http404
    batch = _batch_or_404(request, public_id)
    file = gl_batch_file(batch, layout)
    return HttpResponse(
        bytes(file.content),
        content_type=MEDIA_TYPES[layout],
        headers={
            "Content-Disposition": f'attachment; filename="{batch.number}.{layout}"',
            "ETag": f'"{file.sha256}"',
        },
    )


def _batch_or_404(request: Request, public_id: str) -> GlBatch:
    batch = gl_batch(public_id=public_id, facility_ids=facility_ids_of(request.user))
    if batch is None:
        raise Http404
    return batch
