"""The number of a bank account: proposed by one person, typed again and approved by another."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, scoped_or_404, screen
from reconciliation.commands import approve_account_number, propose_account_number, refuse_account_number
from reconciliation.models import AccountNumber, BankAccount
from reconciliation.screens.account_opening import number_field


class NumberForm(forms.Form):
    number = number_field()
    reason = forms.CharField(
        label="Why it changes", max_length=500, help_text="Such as the bank's letter and its day."
    )


@screen("reconciliation.propose_account_number", methods=["GET", "POST"])
def number_new(request: Request, code: str) -> HttpResponse:
    """Say that an account has another number; nothing changes until another person approves."""
    rows = BankAccount.objects.filter(facility_id__in=facility_ids_of(request.user), closed_on=None)
    account = get_object_or_404(rows, code=code)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            propose_account_number(account=account, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="number")
        else:
            messages.success(request, "Proposed. Another person compares it with the bank's letter.")
            return redirect("reconciliation:account-detail", account.code)
    context = {
        "form": form,
        "title": f"New number of {account.code}",
        "back": reverse("reconciliation:account-detail", args=[account.code]),
        "back_to": account.code,
    }
    return page(request, full="form.html", context=context, status=422 if form.errors else 200)


@screen("reconciliation.approve_account_number", methods=["POST"])
def number_approval(request: Request, public_id: str) -> HttpResponse:
    """Type the number again, from the bank's letter: where both agree, it is in force."""
    row = _number(request, public_id)
    try:
        number = request.POST.get("number", "")[:60]
        approve_account_number(number_id=row.pk, number=number, actor=request.user)
        messages.success(request, f"The number of {row.account.code} is in force.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:account-detail", row.account.code)


@screen("reconciliation.view_statement", methods=["POST"])
def number_refusal(request: Request, public_id: str) -> HttpResponse:
    """Withdraw the own proposal, or send another's back."""
    row = _number(request, public_id)
    is_own = row.proposed_by_id == request.user.pk
    if not is_own and not request.user.has_perm("reconciliation.approve_account_number"):
        raise PermissionDenied
    try:
        refuse_account_number(number_id=row.pk, reason=request.POST.get("reason", ""), actor=request.user)
        messages.success(request, "Withdrawn." if is_own else "Sent back.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:account-detail", row.account.code)


def _number(request: Request, public_id: str) -> AccountNumber:
    rows = AccountNumber.objects.select_related("account")
    return scoped_or_404(rows, request, facility_path="account__facility_id", public_id=public_id)
