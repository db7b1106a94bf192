"""Changing a map on screen: its rules, questions and decisions, and its sign-off."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse

from hms_ach.refusal import Refusal
from hms_ach.web import Request, refuse_on_form, screen
from ledger.commands import (
    approve_mapping,
    remove_rule,
    replace_rules,
    return_mapping,
    set_rule,
    submit_mapping,
    withdraw_mapping,
    write_mapping_note,
)
from ledger.formats.mapping import read_rules
from ledger.models import MappingVersion
from ledger.screens.mapping import detail, to_version, version_or_404
from ledger.screens.mapping_forms import UploadForm, note_form, rule_form


@screen("ledger.draft_mapping", methods=["POST"])
def mapping_upload(request: Request, public_id: str) -> HttpResponse:
    """Replace a draft's rules by a file's, all or none."""
    version = version_or_404(request, public_id)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            rows = read_rules(content, segment_names=version.segment_names, since=version.effective_from)
            count = replace_rules(version=version, rows=rows, actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
            shown = {"upload": form, "findings": getattr(refusal, "findings", ())}
            return detail(request, version, shown, status=422)
        messages.success(request, f"{version} has the {count} rules of the file.")
        return to_version(version)
    return detail(request, version, {"upload": form}, status=422)


@screen("ledger.draft_mapping", methods=["POST"])
def mapping_rule(request: Request, public_id: str) -> HttpResponse:
    """Give a draft one rule."""
    version = version_or_404(request, public_id)
    form = rule_form(version, request.POST)
    if form.is_valid():
        row = form.row()
        if len(row.segments) != len(version.segment_names):
            form.add_error("code", f"Give {len(version.segment_names)} parts, separated by commas.")
        else:
            try:
                set_rule(version=version, row=row, actor=request.user)
                messages.success(request, f"{row.category} leads to {'-'.join(row.segments)}.")
                return to_version(version)
            except Refusal as refusal:
                refuse_on_form(form, refusal)
    return detail(request, version, {"rule_form": form}, status=422)


@screen("ledger.draft_mapping", methods=["POST"])
def mapping_rule_removal(request: Request, public_id: str, rule_id: int) -> HttpResponse:
    """Take one rule out of a draft."""
    version = version_or_404(request, public_id)
    if not version.rules.filter(pk=rule_id).exists():
        raise Http404
    return _done(request, version, remove_rule, "The rule is gone.", rule_id=rule_id)


@screen("ledger.view_mapping", methods=["POST"])
def mapping_note(request: Request, public_id: str) -> HttpResponse:
    """Ask something about a category; a decision needs the right to draft or to approve."""
    version = version_or_404(request, public_id)
    form = note_form(version, request.POST)
    may_decide = any(request.user.has_perm(f"ledger.{verb}_mapping") for verb in ("draft", "approve"))
    if form.is_valid() and form.cleaned_data["is_decision"] and not may_decide:
        form.add_error("is_decision", "Only who drafts or approves maps decides. Write a question instead.")
    if not form.is_valid():
        return detail(request, version, {"note_form": form}, status=422)
    return _done(request, version, write_mapping_note, "The note is written.", **form.cleaned_data)


@screen("ledger.draft_mapping", methods=["POST"])
def mapping_submission(request: Request, public_id: str) -> HttpResponse:
    """Offer a draft for approval."""
    version = version_or_404(request, public_id)
    return _done(request, version, submit_mapping, f"{version} now awaits another person.")


@screen("ledger.approve_mapping", methods=["POST"])
def mapping_approval(request: Request, public_id: str) -> HttpResponse:
    """Let a map count."""
    version = version_or_404(request, public_id)
    comment = request.POST.get("comment", "")[:500]
    words = f"{version} counts from {version.effective_from} on."
    return _done(request, version, approve_mapping, words, comment=comment)


@screen("ledger.approve_mapping", methods=["POST"])
def mapping_return(request: Request, public_id: str) -> HttpResponse:
    """Send a submitted map back."""
    version = version_or_404(request, public_id)
    comment = request.POST.get("comment", "")[:500]
    return _done(request, version, return_mapping, f"{version} is returned.", comment=comment)


@screen("ledger.draft_mapping", methods=["POST"])
def mapping_withdrawal(request: Request, public_id: str) -> HttpResponse:
    """Give a version up."""
    version = version_or_404(request, public_id)
    comment = request.POST.get("comment", "")[:500]
    return _done(request, version, withdraw_mapping, f"{version} is withdrawn.", comment=comment)


def _done(
    request: Request, version: MappingVersion, command: Callable[..., Any], words: str, **more: Any
) -> HttpResponse:
    try:
        command(version=version, actor=request.user, **more)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return to_version(version)
