"""Addresses of the billing screens, mounted at /billing/."""

from django.urls import path

from billing.screens import coverage, draft, invoice, patient, payer, price, service

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
    path("patients/<str:public_id>/coverages/", coverage.coverage_recording, name="coverage-recording"),
    path(
        "patients/<str:public_id>/coverages/<str:coverage_id>/end/",
        coverage.coverage_end,
        name="coverage-end",
    ),
    path("patients/<str:public_id>/alerts/", coverage.alert_raising, name="alert-raising"),
    path("patients/<str:public_id>/alerts/<int:alert_id>/end/", coverage.alert_end, name="alert-end"),
    path("payers/", payer.payer_list, name="payer-list"),
    path("payers/registration/", payer.payer_registration, name="payer-registration"),
    path("payers/<str:public_id>/", payer.payer_change, name="payer-change"),
    path("services/", service.service_list, name="service-list"),
    path("services/registration/", service.service_registration, name="service-registration"),
    path("services/<str:code>/", service.service_change, name="service-change"),
    path("price-lists/", price.price_list, name="price-list"),
    path("price-lists/new/", price.price_list_new, name="price-list-new"),
    path("price-lists/<str:public_id>/", price.price_list_detail, name="price-list-detail"),
    path("price-lists/<str:public_id>/setting/", price.price_setting, name="price-setting"),
]
