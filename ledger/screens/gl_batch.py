"""GL batches: the list, one batch with its life, and its bytes."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse

from hms_ach.access.models import User
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, asked_page, offer, page, refuse_on_form, screen
from hms_ach.web.totals import totals_of
from ledger.commands import (
    approve_gl_batch,
    build_gl_batch,
    export_gl_batch,
    rebuild_gl_batch,
    reject_gl_batch,
    reverse_gl_batch,
)
from ledger.formats.layouts import LAYOUTS
from ledger.models import DeliveryProfile, GlBatch, GlBatchStep
from ledger.queries import (
    Scope,
    Unbatched,
    deliveries_of,
    delivery_profiles_in_force,
    file_bytes,
    gl_batch,
    gl_batch_file,
    gl_batch_files,
    gl_batch_lines,
    gl_batch_steps,
    gl_batches,
    profiles_in_force,
    released_file,
    standing_reversal,
    unbatched,
)
from ledger.reports.gl_batch import gl_batches_table
from ledger.rules.batch_life import DELIVERABLE, FOLLOWING, RELEASED
from ledger.screens.filters import BookFilter
from ledger.screens.foot import foot_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


class BatchFilter(BookFilter):
    """The book's filter, and a state."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), *GlBatchStep.State.choices]
    )


class BuildForm(forms.Form):
    facility = forms.ChoiceField(label="Facility")
    business_on = forms.DateField(label="Up to and with", widget=forms.DateInput({"type": "date"}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


@screen("ledger.view_gl_batch")
def gl_batch_list(request: Request) -> HttpResponse:
    """The batches of the person's facilities, latest first, and what waits for the next ones."""
    filters = BatchFilter(request)
    scope = filters.scope()
    chosen = filters.cleaned_data if filters.is_valid() else {}
    batches = _batches(scope, chosen)
    return page(
        request,
        full="ledger/gl_batch/list.html",
        fragment="ledger/gl_batch/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("gl-batches", request),
            "scope": scope,
            "totals": totals_of(
                batches, {"Debits": "debit_minor", "Credits": "credit_minor"}, currency="functional_currency"
            ),
            "page": Paginator(batches, 50).get_page(asked_page(request)),
            "unbatched": _waiting(scope, chosen) if scope else [],
        },
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file, without what is in no batch yet."""
    filters = BatchFilter(request)
    scope, chosen = filters.scope_or_refuse(), filters.cleaned_data
    state = [("State", dict(GlBatchStep.State.choices)[chosen["state"]])] if chosen["state"] else []
    return gl_batches_table(scope, _batches(scope, chosen), more=state, actor=request.user)


def _batches(scope: Scope | None, chosen: dict) -> "QuerySet[Any]":
    return gl_batches(
        facility_ids=scope.facility_ids if scope else [],
        since=scope.since if scope else None,
        until=chosen.get("until"),
        states=[chosen["state"]] if chosen.get("state") else [],
    )


def _waiting(scope: Scope, chosen: dict) -> list[Unbatched]:
    """What waits for the next batches and has days among those asked for; it is in no state yet."""
    if chosen.get("state"):
        return []
    since, until = chosen.get("since") or date.min, chosen.get("until") or date.max
    rows = unbatched(facility_ids=scope.facility_ids)
    return [row for row in rows if row.since <= until and row.until >= since]


@screen("ledger.build_gl_batch", methods=["GET", "POST"])
def gl_batch_building(request: Request) -> HttpResponse:
    """Build a batch of what is in none yet; another person approves it."""
    own = {facility.code: facility for facility in facilities_of(request.user)}
    form = BuildForm(request.POST or None, initial=request.GET.dict())
    offer(form, "facility", [(code, facility.name) for code, facility in own.items()])
    if request.method == "POST" and form.is_valid():
        try:
            batch = build_gl_batch(
                facility=own[form.cleaned_data["facility"]],
                business_on=form.cleaned_data["business_on"],
                actor=request.user,
            )
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, f"{batch.number} is built. Another person must approve it.")
            return _to(batch)
    status = 422 if form.errors else 200
    return page(request, full="ledger/gl_batch/building.html", context={"form": form}, status=status)


@screen("ledger.view_gl_batch")
def gl_batch_detail(request: Request, public_id: str) -> HttpResponse:
    """One batch with its life, lines, control totals and files."""
    return _detail(request, _batch_or_404(request, public_id), ReasonForm())


def _detail(request: Request, batch: GlBatch, form: forms.Form, status: int = 200) -> HttpResponse:
    profiles = {profile.public_id: profile for profile in profiles_in_force(legal_entity=batch.legal_entity)}
    labels = {name: layout.label for name, layout in LAYOUTS.items()}
    labels |= {public_id: f"Profile {profile}" for public_id, profile in profiles.items()}
    files = [(file, labels.get(file.layout, file.layout)) for file in gl_batch_files(batch)]
    written = {file.layout for file, _label in files}
    return page(
        request,
        full="ledger/gl_batch/detail.html",
        context={
            "batch": batch,
            "lines": gl_batch_lines(batch),
            "steps": gl_batch_steps(batch),
            "files": files,
            "unwritten": [layout.label for name, layout in LAYOUTS.items() if name not in written],
            "is_released": batch.state in RELEASED,
            "deliveries": deliveries_of(batch),
            "ways": ways_of(batch),
            "profiles": [profile for key, profile in profiles.items() if key not in written],
            "form": form,
            "possible": _possible(batch),
            "is_builder": batch.built_by_id == request.user.pk,
            "rebuilt_by": getattr(batch, "rebuilt_by", None),
            "reversal": standing_reversal(batch),
        },
        status=status,
    )


def ways_of(batch: GlBatch) -> list[tuple[DeliveryProfile, str]]:
    """Where the batch may go now, and what became of it there before: its latest delivery's state, or none.

    Where it is on its way it is sent no second time.
    """
    if batch.state not in DELIVERABLE:
        return []
    stands = {each.destination: each.state for each in deliveries_of(batch)}
    profiles = delivery_profiles_in_force(legal_entity=batch.legal_entity)
    known = [(profile, stands.get(profile.code, "")) for profile in profiles]
    return [(profile, state) for profile, state in known if state not in ("QUEUED", "FAILED")]


def _possible(batch: GlBatch) -> tuple[str, ...]:
    """What may follow; a reversal is neither rebuilt nor reversed."""
    return tuple(
        state
        for state in FOLLOWING[batch.state]
        if not (batch.reverses_id and state in ("REBUILT", "REVERSED"))
    )


@screen("ledger.approve_gl_batch", methods=["POST"])
def gl_batch_approval(request: Request, public_id: str) -> HttpResponse:
    """Release a batch to the general ledger."""
    batch = _batch_or_404(request, public_id)
    return _done(request, batch, approve_gl_batch, f"{batch.number} is released to the general ledger.")


@screen("ledger.approve_gl_batch", methods=["POST"])
def gl_batch_rejection(request: Request, public_id: str) -> HttpResponse:
    """Say that a batch must not be posted."""
    batch = _batch_or_404(request, public_id)
    return _reasoned(request, batch, reject_gl_batch, f"{batch.number} is rejected. It can be rebuilt.")


@screen("ledger.build_gl_batch", methods=["POST"])
def gl_batch_rebuilding(request: Request, public_id: str) -> HttpResponse:
    """Send the entries of a rejected or reversed batch again."""
    batch = _batch_or_404(request, public_id)
    return _done(request, batch, rebuild_gl_batch, f"{batch.number} is rebuilt as the batch shown here.")


@screen("ledger.build_gl_batch", methods=["POST"])
def gl_batch_reversal(request: Request, public_id: str) -> HttpResponse:
    """Build the mirror of a posted batch."""
    batch = _batch_or_404(request, public_id)
    words = f"{batch.number} is reversed when the general ledger has posted the batch shown here."
    return _reasoned(request, batch, reverse_gl_batch, words)


@screen("ledger.export_gl_batch", methods=["POST"])
def gl_batch_export(request: Request, public_id: str) -> HttpResponse:
    """Record that a person takes a batch's file to the general ledger."""
    batch = _batch_or_404(request, public_id)
    layout = request.POST.get("layout", "")
    if gl_batch_file(batch, layout) is None:
        raise Http404

    def export(*, batch: GlBatch, actor: User) -> GlBatch:
        return export_gl_batch(batch=batch, layout=layout, actor=actor, via="download")

    return _done(request, batch, export, f"{batch.number} is exported. Download its file below.")


def _done(
    request: Request, batch: GlBatch, command: Callable[..., GlBatch], words: str, **more: str
) -> HttpResponse:
    """Run a command and show the batch it answers."""
    try:
        answered = command(batch=batch, actor=request.user, **more)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _to(batch)
    messages.success(request, words)
    return _to(answered)


def _reasoned(request: Request, batch: GlBatch, command: Callable[..., GlBatch], words: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _detail(request, batch, form, status=422)
    return _done(request, batch, command, words, reason=form.cleaned_data["reason"])


def _to(batch: GlBatch) -> HttpResponse:
    return HttpResponseRedirect(reverse("ledger:gl-batch-detail", args=[batch.public_id]))


@screen("ledger.view_gl_batch")
def gl_batch_download(request: Request, public_id: str, layout: str) -> HttpResponseBase:
    """The batch's bytes in one layout, as they were made, while it may go to the general ledger."""
    batch = _batch_or_404(request, public_id)
    try:
        file = released_file(batch, layout)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _to(batch)
    if file is None:
        raise Http404
    return StreamingHttpResponse(
        file_bytes(file),
        content_type=file.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{batch.number}-{layout}.{file.extension}"',
            "Content-Length": str(file.size),
            "ETag": f'"{file.sha256}"',
        },
    )


def _batch_or_404(request: Request, public_id: str) -> GlBatch:
    batch = gl_batch(public_id=public_id, facility_ids=facility_ids_of(request.user))
    if batch is None:
        raise Http404
    return batch
