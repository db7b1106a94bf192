"""The whole address space, one line a noun."""

from django.urls import include, path

urlpatterns = [
    path("", include("hms_ach.home.urls")),
    path("accounts/", include("hms_ach.access.screens.sign_in_urls")),
    path("access/", include("hms_ach.access.screens.urls")),
    path("", include("hms_ach.api.urls")),
    path("audit/", include("hms_ach.audit.screens.urls")),
    path("files/", include("hms_ach.files.screens.urls")),
    path("webhooks/", include("hms_ach.outbox.screens.urls")),
    path("ledger/", include("ledger.screens.urls")),
    path("billing/", include("billing.screens.urls")),
    path("cashiering/", include("cashiering.screens.urls")),
    path("reconciliation/", include("reconciliation.screens.urls")),
    path("api/ach/", include("hms_ach.outbox.api.urls")),
    path("api/ach/", include("ledger.api.urls")),
    path("api/ach/", include("billing.api.urls")),
    path("api/ach/", include("cashiering.api.urls")),
    path("api/ach/", include("reconciliation.api.urls")),
]

handler400 = "hms_ach.home.errors.bad_request"
handler403 = "hms_ach.home.errors.forbidden"
handler404 = "hms_ach.home.errors.not_found"
handler500 = "hms_ach.home.errors.failed"
