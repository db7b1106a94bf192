"""Addresses of the ledger screens, mounted at /ledger/."""

from django.urls import path

from ledger.screens import account, entry, gl_batch, open_item, period, trial_balance

app_name = "ledger"

urlpatterns = [
    path("trial-balance/", trial_balance.trial_balance_screen, name="trial-balance"),
    path("trial-balance.csv", trial_balance.trial_balance_csv, name="trial-balance-csv"),
    path("accounts/<str:entity_code>/<str:number>/", account.account_detail, name="account-detail"),
    path("open-items/", open_item.open_item_list, name="open-item-list"),
    path("entries/", entry.entry_list, name="entry-list"),
    path("entries/<str:public_id>/", entry.entry_screen, name="entry-detail"),
    path("periods/", period.period_list, name="period-list"),
    path(
        "periods/<str:entity_code>/<str:code>/soft-closure/",
        period.period_soft_closure,
        name="period-soft-closure",
    ),
    path("periods/<str:entity_code>/<str:code>/closure/", period.period_closure, name="period-closure"),
    path(
        "periods/<str:entity_code>/<str:code>/reopening-request/",
        period.period_reopening_request,
        name="period-reopening-request",
    ),
    path("periods/<str:entity_code>/<str:code>/reopening/", period.period_reopening, name="period-reopening"),
    path("gl-batches/", gl_batch.gl_batch_list, name="gl-batch-list"),
    path("gl-batches/<str:public_id>/", gl_batch.gl_batch_detail, name="gl-batch-detail"),
    path("gl-batches/<str:public_id>/<str:layout>/", gl_batch.gl_batch_download, name="gl-batch-download"),
]
