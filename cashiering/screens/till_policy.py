"""A facility's limits at the till, and its contract with the card acquirer."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import set_merchant_agreement, set_till_policy
from cashiering.models import MerchantAgreement, TillPolicy
from cashiering.rules.card_fee import basis_points_of, percent_text
from cashiering.screens.pay_form import typed_money
from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, scoped_or_404, screen


class LimitField(forms.CharField):
    """An amount as people write it, kept in minor units."""

    def __init__(self, label: str, help_text: str) -> None:
        super().__init__(max_length=20, label=label, help_text=help_text)


class PolicyForm(forms.Form):
    """Amounts in the facility's currency, and hours."""

    variance_free = LimitField("Free difference", "Up to this a counted drawer closes at once.")
    variance_supervisor = LimitField(
        "Head cashier's difference", "Up to this a head cashier approves; beyond it, a controller does."
    )
    void_alone = LimitField("Void alone", "A cashier voids up to this without a second person.")
    paid_out_limit = LimitField("Most of one paid-out", "Larger sums are paid another way.")

    shift_hours = forms.IntegerField(
        min_value=1,
        max_value=24,
        required=False,
        label="Longest shift in hours",
        help_text="Then a drawer takes no new receipts. Empty: no limit.",
    )
    refund_alone = LimitField("Refund alone", "A cashier gives back up to this without a second person.")
    refund_supervisor = LimitField(
        "Head cashier's refund", "Up to this a head cashier approves a refund; beyond it, finance does."
    )

    cheque_fee = LimitField("Fee of a returned cheque", "Billed to the patient; zero for none.")

    cash_coin = LimitField(
        "Smallest coin", "What is paid in cash is rounded to it; what is owed stays exact."
    )

    def __init__(self, *args, currency: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, int | None]:
        """Amounts become minor units under the names of the command."""
        asked = dict(super().clean() or {})
        limits = {"shift_hours": asked.pop("shift_hours", None)}
        for name, typed in asked.items():
            try:
                limits[f"{name}_minor"] = typed_money(typed, self.currency).minor
            except Refusal as refusal:
                self.add_error(name, str(refusal))
        return limits


@screen("cashiering.set_till_policy", methods=("GET", "POST"))
def limits(request: Request, code: str) -> HttpResponse:
    """Set the limits of one facility's till."""
    facility = scoped_or_404(Facility.objects.all(), request, facility_path="pk", code=code)
    policy = TillPolicy.objects.filter(facility=facility).first() or TillPolicy(facility=facility)
    now: dict[str, object] = {
        name: str(Money(getattr(policy, f"{name}_minor"), facility.currency)).split(" ")[0]
        for name, field in PolicyForm.base_fields.items()
        if isinstance(field, LimitField)
    }
    now["shift_hours"] = policy.shift_hours
    form = PolicyForm(request.POST or None, initial=now, currency=facility.currency)
    if request.method == "POST" and form.is_valid():
        try:
            set_till_policy(facility=facility, actor=request.user, **form.cleaned_data)
            messages.success(request, f"The limits of {facility.code} are set, for sessions to come.")
            return redirect("cashiering:register-list")
        except Refusal as refusal:
            refuse_on_form(form, refusal)
    title = f"Limits at the till of {facility.code}, in {facility.currency}"
    return _form(request, form, title)


class AgreementForm(forms.Form):
    """As the acquirer's contract says."""

    merchant_id = forms.CharField(max_length=20, label="Merchant number")
    fee_percent = forms.CharField(
        max_length=8, label="Fee in percent", help_text="Of each sale, such as 1.85."
    )
    fee_fixed = LimitField("Fee for each sale", "An amount, added to the share above.")
    settlement_days = forms.IntegerField(min_value=0, max_value=10, label="Banking days until paid")
    starts_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, currency: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, object]:
        """The fees become whole numbers under the names of the command."""
        asked = dict(super().clean() or {})
        try:
            asked["fee_basis_points"] = basis_points_of(asked.pop("fee_percent", ""))
        except Refusal as refusal:
            self.add_error("fee_percent", str(refusal))
        try:
            if "fee_fixed" in asked:
                asked["fee_fixed_minor"] = typed_money(asked.pop("fee_fixed"), self.currency).minor
        except Refusal as refusal:
            self.add_error("fee_fixed", str(refusal))
        return asked


@screen("cashiering.set_merchant_agreement", methods=("GET", "POST"))
def agreement(request: Request, code: str) -> HttpResponse:
    """Record a new contract; the one before ends where it starts."""
    facility = scoped_or_404(Facility.objects.all(), request, facility_path="pk", code=code)
    current = MerchantAgreement.objects.filter(facility=facility, ends_on=None).first()
    now = {name: getattr(current, name) for name in ("merchant_id", "settlement_days")} if current else {}
    if current:
        now["fee_percent"] = percent_text(current.fee_basis_points)
        now["fee_fixed"] = str(Money(current.fee_fixed_minor, facility.currency)).split(" ")[0]
    now["starts_on"] = clock.today(facility.timezone)
    form = AgreementForm(request.POST or None, initial=now, currency=facility.currency)
    if request.method == "POST" and form.is_valid():
        try:
            set_merchant_agreement(facility=facility, actor=request.user, **form.cleaned_data)
            messages.success(request, f"The agreement of {facility.code} is recorded.")
            return redirect("cashiering:register-list")
        except Refusal as refusal:
            refuse_on_form(form, refusal)
    return _form(request, form, f"Card acquirer of {facility.code}, in {facility.currency}")


def _form(request: Request, form: forms.Form, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    status = 422 if form.errors else 200
    return page(request, full="cashiering/register/form.html", context=context, status=status)
