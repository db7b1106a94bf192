"""Addresses of the billing screens, mounted at /billing/."""

from django.urls import path

from billing.screens import draft, invoice, patient, price

app_name = "billing"

urlpatterns = [
    path("invoices/", invoice.invoice_list, name="invoice-list"),
    path("invoices/<str:public_id>/", invoice.invoice_screen, name="invoice-detail"),
    path("invoices/<str:public_id>/issuance/", invoice.invoice_issuance, name="invoice-issuance"),
    path("invoices/<str:public_id>/discard/", invoice.invoice_discard, name="invoice-discard"),
    path("invoices/<str:public_id>/cancellation/", invoice.invoice_cancellation, name="invoice-cancellation"),
    path("invoices/<str:public_id>/lock/", invoice.invoice_lock, name="invoice-lock"),
    path("invoices/<str:public_id>/print/", invoice.invoice_print, name="invoice-print"),
    path("patients/", patient.patient_list, name="patient-list"),
    path("patients/registration/", patient.patient_registration, name="patient-registration"),
    path("patients/<str:public_id>/", patient.patient_detail, name="patient-detail"),
    path("patients/<str:public_id>/correction/", patient.patient_correction, name="patient-correction"),
    path("patients/<str:public_id>/draft/", draft.invoice_draft, name="invoice-draft"),
    path("price-lists/", price.price_list, name="price-list"),
    path("price-lists/<str:public_id>/", price.price_list_detail, name="price-list-detail"),
    path("price-lists/<str:public_id>/setting/", price.price_setting, name="price-setting"),
]
