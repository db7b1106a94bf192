"""A note that may be false: log it and take it out of the drawer."""

import secrets

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from billing.queries import people_of
from cashiering.commands import take_suspect_note
from cashiering.models import Session
from cashiering.queries.expected_cash import foreign_currencies
from cashiering.queries.session import session_of
from cashiering.rules.denominations import faces_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, screen
from hms_ach.web.templatetags.hms import in_words


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
    if request.method == "POST" and form.is_valid():
        try:
            _take(request, session, form.cleaned_data)
            messages.success(request, "Logged. The drawer is short by this note, for a reason of its own.")
            return redirect("cashiering:my-session")
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
    return [(f"{one.currency}:{one.minor}", in_words(one)) for one in worth if one.decimal() >= 1]


def _take(request: Request, session: Session, typed: dict) -> None:
    patient = None
    if typed["mrn"]:
        patient = (
            people_of([session.facility_id]).filter(mrn=typed["mrn"]).values_list("pk", flat=True).first()
        )
    currency, _colon, face = typed["face"].partition(":")
    take_suspect_note(
        session=session,
        face_minor=int(face),
        currency=currency,
        serial=typed["serial"],
        handed_to=typed["handed_to"],
        remarks=typed["remarks"],
        patient_id=patient if patient or not typed["mrn"] else -1,
        key=typed["key"],
        actor=request.user,
    )
