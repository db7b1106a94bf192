"""Ways to the general ledger: write a version, have it approved, try it, retire it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach.access.models import LegalEntity
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.web import KeyArea, Request, SecretArea, ask_secret_again, offer, page, refuse_on_form, screen
from ledger.commands import (
    approve_delivery_profile,
    retire_delivery_profile,
    try_delivery_profile,
    write_delivery_profile,
)
from ledger.formats.layouts import LAYOUTS
from ledger.models import DeliveryProfile
from ledger.queries import delivery_profiles, delivery_profiles_in_force, profiles_in_force
from ledger.rules.delivery import PLACEHOLDERS


class DeliveryProfileForm(forms.Form):
    entity = forms.ChoiceField(label="Legal entity")
    code = forms.RegexField(
        r"^[a-z0-9-]{2,30}$", label="Code", help_text="Small letters, digits, hyphens, such as oracle-live."
    )
    way = forms.ChoiceField(label="Way", choices=DeliveryProfile.Way.choices)
    place = forms.CharField(
        label="Place",
        max_length=500,
        help_text="sftp.erp.example:22/inbound/gl, or oracle/inbox for a folder.",
    )
    layout = forms.ChoiceField(label="Layout")
    name_pattern = forms.CharField(
        label="Names of files",
        max_length=80,
        initial="{number}.{extension}",
        help_text=f"May hold {', '.join(f'{{{each}}}' for each in PLACEHOLDERS)}.",
    )
    username = forms.CharField(label="User name", max_length=80, required=False, help_text="SFTP only.")
    host_key = forms.CharField(
        label="Host key", required=False, widget=KeyArea, help_text="SFTP: the server's line of known_hosts."
    )
    secret = forms.CharField(
        label="Private key or password",
        required=False,
        strip=False,
        widget=SecretArea,
        help_text="SFTP only. Sealed, never shown again; left empty, that of the version before stays.",
    )
    is_automatic = forms.BooleanField(
        label="Every batch goes this way by itself once it is approved", required=False
    )
    reason = forms.CharField(label="Why", max_length=500)


@screen("ledger.view_gl_batch")
def delivery_profile_list(request: Request) -> HttpResponse:
    """The profiles of the person's legal entities, the latest version of each first."""
    entities = _entities(request).values()
    counting = {each.pk for one in entities for each in delivery_profiles_in_force(legal_entity=one)}
    profiles = delivery_profiles(legal_entity_ids=[one.pk for one in entities])
    context = {"profiles": [(profile, profile.pk in counting) for profile in profiles]}
    return page(request, full="ledger/delivery_profile/list.html", context=context)


@screen("ledger.manage_gl_export", methods=["GET", "POST"])
def delivery_profile_drafting(request: Request) -> HttpResponse:
    """Write a version; another person approves it. It may start from another one."""
    entities = _entities(request)
    form = DeliveryProfileForm(request.POST or None, initial=_initial(request))
    offer(form, "entity", [(code, entity.name) for code, entity in entities.items()])
    offer(form, "layout", _layouts(entities))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"legal_entity": entities[form.cleaned_data["entity"]]}
        said.pop("entity")
        try:
            profile = write_delivery_profile(**said, actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, f"{profile} is written. Another person must approve it.")
            return redirect("ledger:delivery-profile-detail", profile.public_id)
    ask_secret_again(form)
    status = 422 if form.errors else 200
    return page(request, full="ledger/delivery_profile/drafting.html", context={"form": form}, status=status)


@screen("ledger.view_gl_batch")
def delivery_profile_detail(request: Request, public_id: str) -> HttpResponse:
    """One version with what it says, who answers for it, and what went this way."""
    profile = _profile_or_404(request, public_id)
    context = {
        "profile": profile,
        "approval": getattr(profile, "approval", None),
        "is_writer": profile.written_by_id == request.user.pk,
        "latest": profile.deliveries.select_related("batch__facility", "profile", "asked_by").order_by("-id")[
            :20
        ],
    }
    return page(request, full="ledger/delivery_profile/detail.html", context=context)


@screen("ledger.approve_mapping", methods=["POST"])
def delivery_profile_approval(request: Request, public_id: str) -> HttpResponse:
    """Let a profile count."""
    return _done(request, public_id, approve_delivery_profile, "counts from now on.")


@screen("ledger.manage_gl_export", methods=["POST"])
def delivery_profile_retirement(request: Request, public_id: str) -> HttpResponse:
    """Let nothing go this way any more."""
    return _done(request, public_id, retire_delivery_profile, "is retired; what waited for it is dropped.")


@screen("ledger.queue_delivery", methods=["POST"])
def delivery_profile_trial(request: Request, public_id: str) -> HttpResponse:
    """Connect and look, and write nothing."""
    return _done(request, public_id, try_delivery_profile, "works: we are let in, and the folder is there.")


def _done(request: Request, public_id: str, command: Any, told: str) -> HttpResponse:
    profile = _profile_or_404(request, public_id)
    try:
        command(profile=profile, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{profile} {told}")
    return redirect("ledger:delivery-profile-detail", profile.public_id)


def _initial(request: Request) -> dict[str, Any]:
    """What another version says, when one is named; its secret is not among it."""
    like = _profiles(request).filter(public_id=request.GET.get("like", "")).first()
    if like is None:
        return {}
    names = ["code", "way", "place", "layout", "name_pattern", "username", "host_key", "is_automatic"]
    return {name: getattr(like, name) for name in names} | {"entity": like.legal_entity.code}


def _layouts(entities: dict[str, LegalEntity]) -> list[tuple[str, str]]:
    own = [each for entity in entities.values() for each in profiles_in_force(legal_entity=entity)]
    named = {f"profile:{each.code}": f"Export profile {each.code}" for each in own}
    return [*((name, layout.label) for name, layout in LAYOUTS.items()), *named.items()]


def _entities(request: Request) -> dict[str, LegalEntity]:
    return {facility.legal_entity.code: facility.legal_entity for facility in facilities_of(request.user)}


def _profiles(request: Request) -> Any:
    return delivery_profiles(legal_entity_ids=[one.pk for one in _entities(request).values()])


def _profile_or_404(request: Request, public_id: str) -> DeliveryProfile:
    profile = _profiles(request).filter(public_id=public_id).first()
    if profile is None:
        raise Http404
    return profile
