"""Addresses of the billing API, mounted at /api/ach/."""

from django.urls import path

from billing.api import invoice

urlpatterns = [
    path("invoices", invoice.InvoiceCollection.as_view(), name="api-invoice-list"),
    path("invoices/<str:public_id>", invoice.InvoiceItem.as_view(), name="api-invoice-detail"),
    path(
        "invoices/<str:public_id>/cancellation",
        invoice.InvoiceCancellation.as_view(),
        name="api-invoice-cancellation",
    ),
    path("invoices/<str:public_id>/pdf", invoice.InvoicePdf.as_view(), name="api-invoice-pdf"),
]
