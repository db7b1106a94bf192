"""Invoices in JSON: /api/ach/invoices and what lies below."""

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from billing.api.invoice_document import (
    CancellationRequest,
    InvoiceDocument,
    InvoiceDocumentSchema,
    InvoiceSummary,
)
from billing.api.invoice_request import InvoiceRequest, lines_of, parties_of, patient_of
from billing.commands import LineRefused, bill_services, cancel_invoice, patient_given
from billing.models import Invoice
from billing.queries import InvoiceDetail, invoice_detail, invoices_of
from billing.reports.invoice_pdf import invoice_pdf
from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.api import ApiRequest, ApiView, CursorPages, FacilityField


class InvoiceFilters(serializers.Serializer):
    state = serializers.ChoiceField(choices=Invoice.State.choices, required=False)
    kind = serializers.ChoiceField(choices=Invoice.Kind.choices, required=False)
    patient = serializers.CharField(required=False, help_text="MRN")
    facility = FacilityField(required=False)
    issued_from = serializers.DateField(required=False)
    issued_until = serializers.DateField(required=False)


class InvoiceCollection(ApiView):
    """GET lists invoices, newest first; POST bills services to one party or splits them."""

    required_scope = {"GET": "invoices:read", "POST": "invoices:write"}
    required_permission = {"GET": "billing.view_invoice", "POST": "billing.issue_invoice"}
    query_parameters = frozenset(InvoiceFilters().fields)
    is_money_write = True
    pagination_class = CursorPages

    @extend_schema(parameters=[InvoiceFilters], responses=InvoiceSummary(many=True))
    def get(self, request: ApiRequest) -> Response:
        asked = InvoiceFilters(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        return self.paged(_filtered(invoices_of(self.facilities), asked.validated_data), InvoiceSummary)

    @extend_schema(request=InvoiceRequest, responses={201: InvoiceDocumentSchema})
    def post(self, request: ApiRequest) -> Response:
        asked = self.read(InvoiceRequest)
        facility = asked["facility"]
        patient = patient_given(patient_of(asked), facility=facility, actor=request.user)
        try:
            invoices = bill_services(
                facility=facility,
                patient_id=patient.pk,
                lines=lines_of(asked),
                parties=parties_of(asked),
                currency=asked["currency"],
                is_issued=asked["issue"],
                on=_business_day(facility),
                actor=request.user,
                term_days=asked["term_days"],
            )
        except LineRefused as refused:
            raise _at_line(refused) from refused
        made = _detail_or_404(invoices[0].public_id, self.facilities)
        address = f"/api/ach/invoices/{made.invoice.public_id}"
        return Response(InvoiceDocument(made).data, status=201, headers={"Location": address})


class InvoiceItem(ApiView):
    """One invoice with its lines, the reasons of its prices, and how it was settled."""

    required_scope = "invoices:read"
    required_permission = "billing.view_invoice"

    @extend_schema(responses=InvoiceDocumentSchema)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        return Response(InvoiceDocument(_detail_or_404(public_id, self.facilities)).data)


class InvoiceCancellation(ApiView):
    """POST cancels an issued invoice by reversal; its charges are billable again."""

    required_scope = "invoices:write"
    required_permission = "billing.cancel_invoice"
    is_money_write = True

    @extend_schema(request=CancellationRequest, responses={201: InvoiceDocumentSchema})
    def post(self, request: ApiRequest, public_id: str) -> Response:
        invoice = _detail_or_404(public_id, self.facilities).invoice
        asked = self.read(CancellationRequest)
        on = _business_day(invoice.facility)
        cancel_invoice(invoice_id=invoice.pk, on=on, actor=request.user, **asked)
        return Response(InvoiceDocument(_detail_or_404(public_id, self.facilities)).data, status=201)


class PdfRenderer(BaseRenderer):
    """Lets a client ask for application/pdf; problems stay JSON."""

    media_type = "application/pdf"
    format = "pdf"

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return JSONRenderer().render(data)


class InvoicePdf(ApiView):
    """The printed invoice."""

    required_scope = "invoices:read"
    required_permission = "billing.view_invoice"
    renderer_classes = [PdfRenderer, JSONRenderer]

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: ApiRequest, public_id: str) -> HttpResponse:
        detail = _detail_or_404(public_id, self.facilities)
        return HttpResponse(invoice_pdf(detail), content_type="application/pdf")


def _filtered(rows, asked):
    exact = {"state": "state", "kind": "kind", "patient": "patient__mrn", "facility": "facility"}
    ranges = {"issued_from": "issued_on__gte", "issued_until": "issued_on__lte"}
    lookups = {lookup: asked[name] for name, lookup in {**exact, **ranges}.items() if name in asked}
    return rows.filter(**lookups)


def _detail_or_404(public_id: str, facility_ids: frozenset[int]) -> InvoiceDetail:
    detail = invoice_detail(public_id=public_id, facility_ids=facility_ids)
    if detail is None:
        raise Http404
    return detail


def _business_day(facility: Facility):
    return clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)


def _at_line(refused: LineRefused) -> serializers.ValidationError:
    """The refusal of a line as a problem that points at the member at fault."""
    member = {
        "service_in_future": "service_on",
        "quantity_not_above_zero": "quantity",
        "unit_price_not_above_zero": "unit_price",
        "order_charged": "order",
    }.get(refused.cause.code, "service")
    error = ErrorDetail(str(refused.cause), code=refused.cause.code)
    return serializers.ValidationError({"lines": {str(refused.index): {member: [error]}}})
