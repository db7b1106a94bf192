"""Addresses of the ledger screens, mounted at /ledger/."""

from django.urls import path

from ledger.screens import (
    account,
    entry,
    gl_account,
    gl_batch,
    mapping,
    mapping_edit,
    open_item,
    period,
    trial_balance,
)

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
    path("mapping/", mapping.mapping_list, name="mapping-list"),
    path("mapping/drafting/", mapping.mapping_drafting, name="mapping-drafting"),
    path("mapping/<str:public_id>/", mapping.mapping_detail, name="mapping-detail"),
    path("mapping/<str:public_id>/upload/", mapping_edit.mapping_upload, name="mapping-upload"),
    path("mapping/<str:public_id>/rules.csv", mapping.mapping_csv, name="mapping-csv"),
    path("mapping/<str:public_id>/rule/", mapping_edit.mapping_rule, name="mapping-rule"),
    path(
        "mapping/<str:public_id>/rules/<int:rule_id>/removal/",
        mapping_edit.mapping_rule_removal,
        name="mapping-rule-removal",
    ),
    path("mapping/<str:public_id>/note/", mapping_edit.mapping_note, name="mapping-note"),
    path("mapping/<str:public_id>/submission/", mapping_edit.mapping_submission, name="mapping-submission"),
    path("mapping/<str:public_id>/approval/", mapping_edit.mapping_approval, name="mapping-approval"),
    path("mapping/<str:public_id>/return/", mapping_edit.mapping_return, name="mapping-return"),
    path("mapping/<str:public_id>/withdrawal/", mapping_edit.mapping_withdrawal, name="mapping-withdrawal"),
    path("mapping/<str:public_id>/simulation/", mapping.mapping_simulation, name="mapping-simulation"),
    path("gl-accounts/", gl_account.gl_account_list, name="gl-account-list"),
    path("gl-accounts/<str:entity_code>/upload/", gl_account.gl_account_upload, name="gl-account-upload"),
    path("gl-settings/<str:entity_code>/", gl_account.gl_setting, name="gl-setting"),
    path("gl-batches/", gl_batch.gl_batch_list, name="gl-batch-list"),
    path("gl-batches/building/", gl_batch.gl_batch_building, name="gl-batch-building"),
    path("gl-batches/<str:public_id>/", gl_batch.gl_batch_detail, name="gl-batch-detail"),
    path("gl-batches/<str:public_id>/approval/", gl_batch.gl_batch_approval, name="gl-batch-approval"),
    path("gl-batches/<str:public_id>/rejection/", gl_batch.gl_batch_rejection, name="gl-batch-rejection"),
    path("gl-batches/<str:public_id>/rebuilding/", gl_batch.gl_batch_rebuilding, name="gl-batch-rebuilding"),
    path("gl-batches/<str:public_id>/reversal/", gl_batch.gl_batch_reversal, name="gl-batch-reversal"),
    path("gl-batches/<str:public_id>/export/", gl_batch.gl_batch_export, name="gl-batch-export"),
    path(
        "gl-batches/<str:public_id>/files/<str:layout>/", gl_batch.gl_batch_download, name="gl-batch-download"
    ),
]
