"""Notes that may be false: log one and take it out of the drawer, the log, and the hand-over form."""

import secrets

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from billing.queries import people_of
from cashiering.commands import take_suspect_note
from cashiering.models import Session, SuspectNote
from cashiering.queries.expected_cash import foreign_currencies
from cashiering.queries.session import session_of
from cashiering.queries.suspect_note import suspect_notes_of
from cashiering.reports.suspect_note import suspect_note_pdf
from cashiering.rules.denominations import faces_of
from cashiering.screens.receipt import download
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, offer, page, refuse_on_form, scoped_or_404, screen
from ledger.queries import document_entries


class SuspectNoteForm(forms.Form):
    """What the hand-over form to the police or the bank asks."""

    face = forms.ChoiceField(label="Note")
    serial = forms.CharField(max_length=20, label="Serial number")
    mrn = forms.CharField(
        max_length=20, required=False, label="MRN of who paid with it", help_text="Leave empty when unknown."
    )
    handed_to = forms.CharField(
        max_length=80, label="Handed to", help_text="The officer or bank that keeps it."
    )
    remarks = forms.CharField(max_length=200, required=False, label="What looks wrong")
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)


@screen("cashiering.work_session", methods=("GET", "POST"))
def addition(request: Request) -> HttpResponse:
    """Log a suspect note of the own drawer."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    form = SuspectNoteForm(request.POST or None, initial={"key": f"sus_{secrets.token_hex(16)}"})
    offer(form, "face", _notes(session))
    if request.method == "POST" and form.is_valid() and _knows_patient(form, session):
        try:
            note = _take(request, session, form.cleaned_data)
            messages.success(request, "Logged. The drawer is short by this note, for a reason of its own.")
            return redirect("cashiering:suspect-note-detail", public_id=note.public_id)
        except Refusal as refusal:
            refuse_on_form(form, refusal)
    context = {"form": form, "session": session}
    status = 422 if form.errors else 200
    return page(request, full="cashiering/suspect_note/form.html", context=context, status=status)


def _notes(session: Session) -> list[tuple[str, str]]:
    """Every note of the currencies that went through the drawer."""
    worth = [
        Money(face, currency)
        for currency in (session.currency, *foreign_currencies(session))
        for face in faces_of(currency)
    ]
    return [(f"{one.currency}:{one.minor}", one.in_words()) for one in worth if one.decimal() >= 1]


def _knows_patient(form: SuspectNoteForm, session: Session) -> bool:
    """Whether the MRN is empty or somebody's; otherwise the form says so beside it."""
    mrn = form.cleaned_data["mrn"]
    found = people_of([session.facility_id]).filter(mrn=mrn).values_list("pk", flat=True).first()
    form.cleaned_data["patient_id"] = found
    if mrn and found is None:
        form.add_error("mrn", f"There is no patient {mrn} here. Copy it again, or leave it empty.")
    return found is not None or not mrn


def _take(request: Request, session: Session, typed: dict) -> SuspectNote:
    currency, _colon, face = typed["face"].partition(":")
    return take_suspect_note(
        session=session,
        face_minor=int(face),
        currency=currency,
        serial=typed["serial"],
        handed_to=typed["handed_to"],
        remarks=typed["remarks"],
        patient_id=typed["patient_id"],
        key=typed["key"],
        actor=request.user,
    )


@screen("cashiering.view_session")
def suspect_note_list(request: Request) -> HttpResponse:
    """The notes of the person's facilities, newest first."""
    rows = suspect_notes_of(facility_ids_of(request.user))
    context = {"page": Paginator(rows, 50).get_page(asked_page(request))}
    return page(request, full="cashiering/suspect_note/list.html", context=context)


@screen("cashiering.view_session")
def suspect_note_detail(request: Request, public_id: str) -> HttpResponse:
    """One note: from whom, what looks wrong, who keeps it."""
    note = _note(request, public_id)
    movement = note.movement
    context = {
        "note": note,
        "session": movement.session,
        "is_own": movement.made_by_id == request.user.pk,
        "entries": document_entries(("cash_movement", movement.public_id)),
    }
    return page(request, full="cashiering/suspect_note/detail.html", context=context)


@screen("cashiering.view_session")
def paper(request: Request, public_id: str) -> HttpResponse:
    """The form that both sides sign, as a PDF."""
    note = _note(request, public_id)
    return download(suspect_note_pdf(note), f"suspect-note-{note.public_id}.pdf", "application/pdf")


def _note(request: Request, public_id: str) -> SuspectNote:
    rows = suspect_notes_of(facility_ids_of(request.user))
    return scoped_or_404(rows, request, facility_path="movement__session__facility", public_id=public_id)
