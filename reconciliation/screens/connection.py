"""Bank connections: list, add, detail with the log of deliveries, fetch now."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import (
    KeyArea,
    Request,
    SecretArea,
    ask_secret_again,
    asked_page,
    offer,
    page,
    refuse_on_form,
    scoped_or_404,
    screen,
)
from reconciliation.commands import (
    change_bank_secret,
    create_bank_connection,
    pause_bank_connection,
    resume_bank_connection,
)
from reconciliation.models import BankConnection
from reconciliation.queries import connections_of, deliveries_of
from reconciliation.tasks import fetch_from_one_bank

# After a file the log looks so long for the next one of the same attempt.
ANOTHER_MAY_COME = timedelta(seconds=30)
CHANGES = {"pause": pause_bank_connection, "resume": resume_bank_connection}


class SecretForm(forms.Form):
    secret = forms.CharField(
        label="Private key or password",
        widget=SecretArea,
        required=False,
        strip=False,
        help_text="SFTP: an unencrypted private key, or the password. HTTPS: certificate and key as PEM. "
        "Sealed, and never shown again.",
    )
    host_key = forms.CharField(
        label="Host key", widget=KeyArea, required=False, help_text="SFTP: the server's line of known_hosts."
    )
    authorities = forms.CharField(
        label="Bank's authorities",
        widget=KeyArea,
        required=False,
        help_text="HTTPS: PEM of the bank's own authorities; the public ones when empty.",
    )


class ConnectionForm(SecretForm):
    facility = forms.ChoiceField(label="Facility")
    name = forms.CharField(label="Name", max_length=80)
    kind = forms.ChoiceField(label="Way", choices=BankConnection.Kind.choices)
    place = forms.CharField(
        label="Place",
        max_length=500,
        help_text="north/inbox for a folder, sftp.bank.example:22/outbox, or https://files.bank.example/list/",
    )
    pattern = forms.CharField(
        label="Files", max_length=80, initial="*", help_text="Which names, such as *.sta or STMT-*.xml"
    )
    username = forms.CharField(label="User name", max_length=80, required=False, help_text="SFTP only.")
    field_order = ["facility", "name", "kind", "place", "pattern", "username"]

    def __init__(self, data=None, *, facilities) -> None:
        super().__init__(data)
        self.by_code = {facility.code: facility for facility in facilities}
        offer(self, "facility", [(code, one.name) for code, one in self.by_code.items()])


@screen("reconciliation.view_connection")
def connection_list(request: Request) -> HttpResponse:
    """The connections of the person's facilities with what happened last. Two queries."""
    context = {"connections": connections_of(facility_ids_of(request.user))}
    return page(request, full="reconciliation/connection/list.html", context=context)


@screen("reconciliation.manage_connection", methods=["GET", "POST"])
def connection_new(request: Request) -> HttpResponse:
    """Add a connection; nothing is fetched yet."""
    form = ConnectionForm(request.POST or None, facilities=facilities_of(request.user))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"facility": form.by_code[form.cleaned_data["facility"]]}
        try:
            kept = create_bank_connection(**said, actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, "The connection was added. Fetch once to see whether it works.")
            return redirect("reconciliation:connection-detail", kept.public_id)
    ask_secret_again(form)
    status = 422 if form.errors else 200
    return page(request, full="reconciliation/connection/new.html", context={"form": form}, status=status)


@screen("reconciliation.view_connection")
def connection_detail(request: Request, public_id: str) -> HttpResponse:
    """One connection and its log, the newest attempt first."""
    row = _own_or_404(request, public_id)
    log = Paginator(deliveries_of(row), 50).get_page(asked_page(request))
    context = {"row": row, "page": log, "form": SecretForm(), "since": _since(request, row)}
    return page(
        request,
        full="reconciliation/connection/detail.html",
        fragment="reconciliation/connection/_log.html",
        context=context,
    )


@screen("reconciliation.manage_connection", methods=["POST"])
def connection_secret(request: Request, public_id: str) -> HttpResponse:
    """Replace the secret, and the host key or authorities where given."""
    row = _own_or_404(request, public_id)
    form = SecretForm(request.POST)
    if form.is_valid():
        try:
            change_bank_secret(connection_id=row.pk, actor=request.user, **form.cleaned_data)
            messages.success(request, "The secret was replaced.")
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return redirect("reconciliation:connection-detail", public_id)


@screen("reconciliation.manage_connection", methods=["POST"])
def connection_state(request: Request, public_id: str) -> HttpResponse:
    """Pause or resume, as the button says."""
    row = _own_or_404(request, public_id)
    change = CHANGES.get(request.POST.get("change", ""))
    if change is None:
        messages.error(request, "Choose pause or resume.")
    else:
        changed = change(connection_id=row.pk, actor=request.user)
        messages.success(request, f"The connection is now {changed.get_state_display().lower()}.")
    return redirect("reconciliation:connection-detail", public_id)


@screen("reconciliation.fetch_files", methods=["POST"])
def connection_fetching(request: Request, public_id: str) -> HttpResponse:
    """Ask for what is new now, in the background."""
    row = _own_or_404(request, public_id)
    newest = deliveries_of(row).first()
    since = newest.public_id if newest else "none"
    fetch_from_one_bank.delay_on_commit(connection_id=row.pk, asked_by_id=request.user.pk)
    return redirect(f"{reverse('reconciliation:connection-detail', args=[public_id])}?since={since}")


def _since(request: Request, row: BankConnection) -> str:
    """The delivery after which the bank was asked, until its answer is whole; "" after. At most one query.

    A row without a file answers for the whole attempt. After a file another may come for a while.
    """
    since = request.GET.get("since", "")
    if not since:
        return ""
    newest = deliveries_of(row).first()
    if newest is None or newest.public_id == since:
        return since
    may_come = newest.remote_name and clock.now() - newest.ended_at < ANOTHER_MAY_COME
    return since if may_come else ""


def _own_or_404(request: Request, public_id: str) -> BankConnection:
    rows = BankConnection.objects.select_related("facility", "owner")
    return scoped_or_404(rows, request, public_id=public_id)
