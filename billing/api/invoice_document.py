"""How an invoice looks to API clients."""

from rest_framework import serializers

from hms_ach.api import MoneyField, RequestBody


class _PatientShown(serializers.Serializer):
    id = serializers.CharField(source="public_id")
    mrn = serializers.CharField()


class InvoiceSummary(serializers.Serializer):
    """One row of the list; an Invoice with its patient, payer and facility."""

    id = serializers.CharField(source="public_id")
    bill = serializers.CharField(source="bill_id", help_text="Shared by the invoices of one split bill.")
    number = serializers.CharField(allow_null=True, help_text="Null on a draft.")
    kind = serializers.CharField()
    state = serializers.CharField()
    facility = serializers.CharField(source="facility.code")
    patient = _PatientShown()
    payer = serializers.CharField(source="payer.code", default=None, allow_null=True)
    total = MoneyField()
    settled = MoneyField()
    balance = MoneyField(help_text="Still to pay; zero on drafts and cancelled invoices.")
    issued_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)


class _StepShown(serializers.Serializer):
    list = serializers.CharField()
    scope = serializers.CharField()
    result = serializers.CharField()


class _LineShown(serializers.Serializer):
    line = serializers.IntegerField()
    charge = serializers.CharField()
    service = serializers.CharField(source="service_code")
    description = serializers.CharField()
    department = serializers.CharField(source="department_code")
    service_on = serializers.DateField()
    quantity = serializers.IntegerField()
    unit_price = MoneyField()
    full_amount = MoneyField(source="full", help_text="Quantity times unit price, for all parties.")
    amount = MoneyField(help_text="This party's share.")
    why_this_price = _StepShown(many=True, source="price_trace")


class _SettlementShown(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]
    amount = MoneyField()
    settled_on = serializers.DateField()
    reason = serializers.CharField()


class _CancellationShown(serializers.Serializer):
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    cancelled_on = serializers.DateField()


class InvoiceDocument(serializers.Serializer):
    """All of one invoice, and the summaries of the other parties' invoices of the same bill."""

    def to_representation(self, detail) -> dict:
        return {**InvoiceSummary(detail.invoice).data, **_Rest(detail).data}


class _Rest(serializers.Serializer):
    lines = _LineShown(many=True)
    settlements = _SettlementShown(many=True)
    cancellation = _CancellationShown(allow_null=True)
    bill_invoices = InvoiceSummary(many=True, source="siblings")


class InvoiceDocumentSchema(InvoiceSummary, _Rest):
    """InvoiceDocument as the description of the API shows it."""


class CancellationRequest(RequestBody):
    reason_code = serializers.ChoiceField(
        choices=["WRONG_PATIENT", "WRONG_SERVICE", "WRONG_PARTY", "WRONG_PRICE", "DUPLICATE", "OTHER"]
    )
    reason = serializers.CharField(max_length=300)
