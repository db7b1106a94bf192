"""The mapping workshop: draft, upload, map, ask, decide, try, submit, approve."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, offer, page, refuse_on_form, screen
from ledger.commands import draft_mapping
from ledger.formats.mapping import RuleRow, write_rules
from ledger.models import MappingVersion
from ledger.queries import (
    changes_between,
    check_mapping,
    mapping_in_force,
    mapping_to_copy,
    mapping_version,
    mapping_versions,
    notes_of,
    open_questions,
    rules_of,
    steps_of,
    writers_of,
)
from ledger.reports.mapping_simulation import simulate
from ledger.screens.mapping_forms import (
    CommentForm,
    DraftForm,
    UploadForm,
    WithdrawalForm,
    note_form,
    rule_form,
)


@screen("ledger.view_mapping")
def mapping_list(request: Request) -> HttpResponse:
    """The versions of the person's legal entities, latest first."""
    versions = mapping_versions(legal_entity_ids=_entities(request))
    in_force = set()
    for entity in {version.legal_entity for version in versions}:
        version = mapping_in_force(legal_entity=entity, on=clock.today("UTC"))
        in_force |= {version.pk} if version else set()
    context = {"versions": versions, "in_force": in_force}
    return page(request, full="ledger/mapping/list.html", context=context)


@screen("ledger.draft_mapping", methods=["GET", "POST"])
def mapping_drafting(request: Request) -> HttpResponse:
    """Begin a new version."""
    own = {f.legal_entity.code: f.legal_entity for f in facilities_of(request.user)}
    form = DraftForm(request.POST or None, initial={"effective_from": clock.today("UTC")})
    offer(form, "entity", [(code, entity.name) for code, entity in own.items()])
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        entity = own[chosen["entity"]]
        before = mapping_to_copy(legal_entity=entity) if chosen["copies"] else None
        try:
            version = draft_mapping(
                legal_entity=entity,
                effective_from=chosen["effective_from"],
                segment_names=chosen["segments"].split(","),
                account_segment=chosen["account_segment"],
                is_strict=chosen["is_strict"],
                reason=chosen["reason"],
                copy_of=before,
                actor=request.user,
            )
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, f"{version} is a draft. Give it rules, then submit it.")
            return to_version(version)
    status = 422 if form.errors else 200
    return page(request, full="ledger/mapping/drafting.html", context={"form": form}, status=status)


@screen("ledger.view_mapping")
def mapping_detail(request: Request, public_id: str) -> HttpResponse:
    """One version: its rules, what is wrong with it, its questions, its signatures."""
    return detail(request, version_or_404(request, public_id))


def detail(
    request: Request, version: MappingVersion, forms_shown: dict | None = None, status: int = 200
) -> HttpResponse:
    rules = rules_of(version)
    before = _before(version)
    context = {
        "version": version,
        "rules": rules,
        "check": check_mapping(version),
        "notes": notes_of(version),
        "steps": steps_of(version),
        "questions": open_questions(version),
        "changes": changes_between(rules_of(before), rules, since=version.effective_from) if before else [],
        "before": before,
        "is_writer": request.user.pk in writers_of(version),
        "is_draft": version.state in ("DRAFT", "RETURNED"),
        "upload": UploadForm(),
        "rule_form": rule_form(version),
        "note_form": note_form(version),
        "comment_form": CommentForm(),
        "withdrawable": ("DRAFT", "RETURNED", "SUBMITTED"),
        "withdrawal_form": WithdrawalForm(auto_id="withdrawal_%s"),
    }
    return page(
        request, full="ledger/mapping/detail.html", context=context | (forms_shown or {}), status=status
    )


def _before(version: MappingVersion) -> MappingVersion | None:
    """The approved version before this one, to show what changes."""
    older = mapping_versions(legal_entity_ids=[version.legal_entity_id])
    return older.filter(number__lt=version.number, state="APPROVED").order_by("-number").first()


@screen("ledger.view_mapping")
def mapping_csv(request: Request, public_id: str) -> HttpResponse:
    """The rules as the upload takes them."""
    version = version_or_404(request, public_id)
    rows = (
        RuleRow(0, r.category, r.facility, r.payer_class, r.tender, r.segments, r.valid_from, r.valid_until)
        for r in rules_of(version)
    )
    name = f"map-{version.legal_entity.code}-{version.number}.csv"
    return HttpResponse(
        b"".join(write_rules(rows, segment_names=version.segment_names)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@screen("ledger.view_mapping")
def mapping_simulation(request: Request, public_id: str) -> HttpResponse:
    """The latest batch of a facility under this version and under the map it was built with."""
    version = version_or_404(request, public_id)
    own = [f for f in facilities_of(request.user) if f.legal_entity_id == version.legal_entity_id]
    code = asked_one_of(request, "facility", [each.code for each in own])
    facility = next((f for f in own if f.code == code), own[0] if own else None)
    simulation, refusal = None, ""
    if facility:
        try:
            simulation = simulate(version=version, facility=facility)
        except Refusal as nothing:
            refusal = str(nothing)
    context = {
        "version": version,
        "facilities": own,
        "facility": facility,
        "simulation": simulation,
        "refusal": refusal,
    }
    return page(request, full="ledger/mapping/simulation.html", context=context)


def to_version(version: MappingVersion) -> HttpResponse:
    return HttpResponseRedirect(reverse("ledger:mapping-detail", args=[version.public_id]))


def _entities(request: Request) -> set[int]:
    return {facility.legal_entity_id for facility in facilities_of(request.user)}


def version_or_404(request: Request, public_id: str) -> MappingVersion:
    version = mapping_version(public_id=public_id, legal_entity_ids=_entities(request))
    if version is None:
        raise Http404
    return version
