"""Lockboxes: what banks took out of them, which invoices it paid, its pictures, and what nobody placed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect

from cashiering.commands import add_lockbox_images, take_lockbox_file
from cashiering.models import LockboxDeposit
from cashiering.queries.lockbox import in_order, lockbox_deposits_of, lockbox_images_of
from cashiering.screens.advice import UploadForm
from hms_ach.access.queries import facility_ids_of
from hms_ach.files.screens.stored_file import download_of, picture_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, refuse_on_form, scoped_or_404, screen
from ledger.queries import document_entries


class PicturesForm(forms.Form):
    pictures = forms.FileField(
        label="Pictures of its cheques",
        help_text="A ZIP or one file: PNG, JPEG, TIFF or PDF, named by batch and item, such as 001-002-F.png "
        "for the front, B for the back, S for the stub.",
    )


@screen("cashiering.view_advice")
def lockbox_list(request: Request) -> HttpResponse:
    """The deposits of the person's facilities, the newest first."""
    rows = Paginator(lockbox_deposits_of(facility_ids_of(request.user)), 50).get_page(asked_page(request))
    return page(request, full="cashiering/lockbox/list.html", context={"page": rows})


@screen("cashiering.view_advice")
def lockbox_detail(request: Request, public_id: str) -> HttpResponse:
    """One deposit: each cheque with its receipt, or with why it lies in suspense."""
    return _show(request, _deposit(request, public_id), PicturesForm())


@screen("cashiering.take_lockbox_file", methods=("POST",))
def lockbox_pictures(request: Request, public_id: str) -> HttpResponse:
    """Keep pictures with the deposit's cheques: all of a file, or nothing."""
    row = _deposit(request, public_id)
    form = PicturesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    file = form.cleaned_data["pictures"]
    try:
        added = add_lockbox_images(content=file, name=file.name, deposit=row, actor=request.user)
    except Refusal as refusal:
        refuse_on_form(form, refusal, field="pictures")
        return _show(request, row, form, getattr(refusal, "findings", ()), status=refusal.status)
    messages.success(request, f"Pictures kept: {added.added}; here before: {added.known}.")
    return redirect("cashiering:lockbox-detail", public_id)


@screen("cashiering.view_advice")
def lockbox_image(request: Request, public_id: str, number: int) -> FileResponse:
    """The picture of a cheque: shown where browsers can, taken out otherwise; who saw it is recorded."""
    images = lockbox_images_of(public_id, facility_ids_of(request.user))
    image = next((one for one in images if one.pk == number), None)
    if image is None:
        raise Http404
    return (
        picture_of(image.file, actor=request.user)
        if image.file.is_picture
        else download_of(image.file, actor=request.user)
    )


def _deposit(request: Request, public_id: str) -> LockboxDeposit:
    rows = lockbox_deposits_of(facility_ids_of(request.user)).select_related("recorded_by")
    return scoped_or_404(rows, request, public_id=public_id)


def _show(
    request: Request, row: LockboxDeposit, form: PicturesForm, findings: Sequence = (), *, status: int = 200
) -> HttpResponse:
    cheques = row.cheques.select_related("payment").prefetch_related("images__file")
    shown = Paginator(cheques.order_by("batch", "item"), 100).get_page(asked_page(request))
    context = {
        "row": row,
        "page": shown,
        "rows": [(cheque, in_order(cheque.images.all())) for cheque in shown],
        "form": form,
        "findings": findings,
        "entries": document_entries(("lockbox_deposit", row.public_id)),
    }
    return page(request, full="cashiering/lockbox/detail.html", context=context, status=status)


@screen("cashiering.take_lockbox_file", methods=("GET", "POST"))
def lockbox_upload(request: Request) -> HttpResponse:
    """Take in a bank's lockbox file: all of it, or nothing."""
    form = UploadForm(request.POST or None, request.FILES or None, facility_ids_of(request.user))
    form.fields[
        "file"
    ].help_text = (
        "A BAI lockbox file, as the bank sends it for each deposit; or a ZIP of it and its pictures."
    )
    context: dict[str, Any] = {"form": form, "findings": ()}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = take_lockbox_file(
                content=file, name=file.name, facility=form.cleaned_data["facility"], actor=request.user
            )
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
            context["findings"] = getattr(refusal, "findings", ())
        else:
            new = len(taken.deposits) - taken.known
            pictures = f" Pictures kept: {taken.images}." if taken.images else ""
            said = f"{new} deposits taken in; {taken.known} were here before.{pictures}"
            messages.success(request, said)
            for finding in taken.findings[:5]:
                messages.warning(request, f"Line {finding.line}: {finding.value} {finding.problem}.")
            return redirect("cashiering:lockbox-list")
    status = 422 if form.errors else 200
    return page(request, full="cashiering/lockbox/upload.html", context=context, status=status)
