"""Addresses of the billing API, mounted at /api/ach/."""

from django.urls import path

from billing.api import arrival, invoice

urlpatterns = [
    path("arrivals", arrival.Arrivals.as_view(), name="api-arrival-list"),
    path("arrivals/<str:facility>/<str:key>", arrival.ArrivalItem.as_view(), name="api-arrival-detail"),
    path("invoices", invoice.InvoiceCollection.as_view(), name="api-invoice-list"),
    path("invoices/<str:public_id>", invoice.InvoiceItem.as_view(), name="api-invoice-detail"),
    path(
        "invoices/<str:public_id>/cancellation",
        invoice.InvoiceCancellation.as_view(),
        name="api-invoice-cancellation",
    ),
    path("invoices/<str:public_id>/pdf", invoice.InvoicePdf.as_view(), name="api-invoice-pdf"),
]
