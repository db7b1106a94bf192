"""Export profiles: write a transform, try it on the sample batch, have it approved, use it on a batch."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, screen
from ledger.commands import approve_profile, try_profile, write_profile, write_profile_file
from ledger.formats.own_value import LINE, SIDE, TOTALS
from ledger.models import ExportProfile
from ledger.queries import export_profiles, gl_batch

MEDIA_TYPES = ["text/plain", "text/csv", "application/xml", "application/json", "application/octet-stream"]
# What a table of columns may say, by where.
_PLACEHOLDERS = [
    (title, ", ".join(f"{{{name}}}" for name in sorted(names - {"segment", "name"})))
    for title, names in (("Each row", LINE), ("Rows of one side", SIDE), ("First and last rows", TOTALS))
] + [("With a word", "{segment Cost centre}: a part of the code; {name sap_company_code}: a name in layouts")]
# What a person sees of a long output; the golden file itself is kept whole.
_SHOWN = 20_000


class ProfileForm(forms.Form):
    entity = forms.ChoiceField(label="Legal entity")
    code = forms.RegexField(r"^[a-z0-9-]{2,30}$", label="Code", help_text="Small letters, digits, hyphens.")
    language = forms.ChoiceField(label="Language", choices=ExportProfile.Language.choices)
    media_type = forms.ChoiceField(label="Media type", choices=[(each, each) for each in MEDIA_TYPES])
    extension = forms.RegexField(r"^[a-z0-9]{1,8}$", label="Ending of the file's name")
    source = forms.CharField(
        label="Columns or transform", max_length=200_000, widget=forms.Textarea({"rows": 14})
    )
    reason = forms.CharField(label="Why", max_length=500)


@screen("ledger.view_mapping")
def export_profile_list(request: Request) -> HttpResponse:
    """The profiles of the person's legal entities, by code, latest version first."""
    context = {"profiles": export_profiles(legal_entity_ids=_entities(request))}
    return page(request, full="ledger/export_profile/list.html", context=context)


@screen("ledger.manage_gl_export", methods=["GET", "POST"])
def export_profile_drafting(request: Request) -> HttpResponse:
    """Write a version: "try" shows what it makes of the sample batch and keeps nothing, "write" keeps it."""
    own = {f.legal_entity.code: f.legal_entity for f in facilities_of(request.user)}
    form = ProfileForm(request.POST or None)
    offer(form, "entity", [(code, entity.name) for code, entity in own.items()])
    made = None
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            if request.POST.get("then") == "write":
                entity = own[chosen.pop("entity")]
                profile = write_profile(legal_entity=entity, actor=request.user, **chosen)
                messages.success(request, f"{profile} is written. Another person must approve it.")
                return redirect("ledger:export-profile-detail", profile.public_id)
            made = _shown(try_profile(language=chosen["language"], source=chosen["source"]))
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="source")
    context = {"form": form, "made": made, "placeholders": _PLACEHOLDERS}
    status = 422 if form.errors else 200
    return page(request, full="ledger/export_profile/drafting.html", context=context, status=status)


@screen("ledger.view_mapping")
def export_profile_detail(request: Request, public_id: str) -> HttpResponse:
    """One version with its transform and its golden file."""
    profile = _profile_or_404(request, public_id)
    context: dict[str, Any] = {
        "profile": profile,
        "approval": getattr(profile, "approval", None),
        "golden": _shown(bytes(profile.golden)),
        "is_writer": profile.written_by_id == request.user.pk,
    }
    return page(request, full="ledger/export_profile/detail.html", context=context)


@screen("ledger.approve_mapping", methods=["POST"])
def export_profile_approval(request: Request, public_id: str) -> HttpResponse:
    """Let a profile count."""
    profile = _profile_or_404(request, public_id)
    try:
        approve_profile(profile=profile, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{profile} counts from now on.")
    return redirect("ledger:export-profile-detail", profile.public_id)


@screen("ledger.export_gl_batch", methods=["POST"])
def gl_batch_profile_file(request: Request, public_id: str) -> HttpResponse:
    """Write a batch in the layout of a profile."""
    batch = gl_batch(public_id=public_id, facility_ids=facility_ids_of(request.user))
    if batch is None:
        raise Http404
    profile = _profile_or_404(request, request.POST.get("profile", ""))
    if profile.legal_entity_id != batch.legal_entity_id:
        raise Http404
    try:
        file = write_profile_file(batch=batch, profile=profile, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{batch} is written as {profile}: {file.size} bytes.")
    return redirect("ledger:gl-batch-detail", batch.public_id)


def _shown(output: bytes) -> str:
    return output[:_SHOWN].decode(errors="replace")


def _entities(request: Request) -> set[int]:
    return {facility.legal_entity_id for facility in facilities_of(request.user)}


def _profile_or_404(request: Request, public_id: str) -> ExportProfile:
    profile = export_profiles(legal_entity_ids=_entities(request)).filter(public_id=public_id).first()
    if profile is None:
        raise Http404
    return profile
