"""Permissions that several roles share."""

# What everybody in finance sees, and the auditor.
SEES_FINANCE = frozenset(
    {
        "cashiering.view_cash_book",
        "billing.view_invoice",
        "billing.view_patient",
        "billing.view_payer",
        "billing.view_price",
        "cashiering.view_advice",
        "cashiering.view_card_batch",
        "cashiering.view_deposit",
        "cashiering.view_not_collected",
        "cashiering.view_payment",
        "cashiering.view_refund",
        "cashiering.view_session",
        "files.open_file",
        "ledger.view_account",
        "ledger.view_entry",
        "ledger.view_gl_batch",
        "ledger.view_journal",
        "ledger.view_mapping",
        "ledger.view_period",
        "ledger.view_rate",
        "reconciliation.view_day",
        "reconciliation.view_discrepancy",
        "reconciliation.view_match",
        "reconciliation.view_statement",
    }
)

# What cashiers and head cashiers both do.
AT_THE_TILL = frozenset(
    {
        "billing.view_invoice",
        "billing.view_patient",
        "cashiering.accept_transfer",
        "cashiering.confirm_opening",
        "cashiering.mail_receipt",
        "cashiering.reprint_receipt",
        "cashiering.request_refund",
        "cashiering.text_receipt",
        "cashiering.view_payment",
        "cashiering.view_refund",
        "cashiering.view_session",
    }
)

# What finance approvers and controllers both decide.
DECIDES = frozenset(
    {
        "billing.cancel_any_invoice",
        "billing.cancel_invoice",
        "cashiering.approve_large_refund",
        "cashiering.clear_card_difference",
        "cashiering.approve_refund",
        "cashiering.confirm_cheque_return",
        "cashiering.confirm_payment_return",
        "cashiering.confirm_chargeback_win",
        "cashiering.accept_payout",
        "cashiering.lift_cheque_block",
        "ledger.explain_item",
        "ledger.set_clearing_limit",
        "ledger.approve_checklist",
        "ledger.approve_gl_batch",
        "ledger.approve_journal",
        "ledger.approve_journal_limit",
        "ledger.approve_mapping",
        "ledger.decide_role_change",
        "ledger.export_gl_batch",
        "ledger.finish_task",
        "ledger.queue_delivery",
        "ledger.reopen",
        "ledger.sign_tie_out",
        "reconciliation.judge_match",
        "reconciliation.approve",
        "reconciliation.approve_account_number",
        "reconciliation.approve_rule",
        "reconciliation.approve_tolerance",
        "reconciliation.confirm_certification",
        "reconciliation.review_bank_reconciliation",
        "reconciliation.propose_rules",
        "reconciliation.end_tolerance",
        "reconciliation.propose_tolerance",
        "reconciliation.reopen_certification",
        "reconciliation.close_day",
        "reconciliation.propose",
        "reconciliation.undo_match",
        "reconciliation.write_note",
        "ledger.close_year",
    }
)

# What finance reviewers and controllers both prepare.
PREPARES = frozenset(
    {
        "ledger.record_statistics",
        "cashiering.record_advice",
        "cashiering.take_lockbox_file",
        "cashiering.take_payout_report",
        "cashiering.check_payout",
        "cashiering.withdraw_payout",
        "cashiering.withdraw_advice",
        "cashiering.cancel_deposit",
        "cashiering.confirm_safe_count",
        "cashiering.release_refund",
        "cashiering.view_cash_watch",
        "cashiering.view_safe",
        "ledger.build_gl_batch",
        "ledger.draft_mapping",
        "ledger.import_rates",
        "ledger.prepare_journal",
        "ledger.record_rate",
        "ledger.save_template",
        "ledger.take_tie_outs",
        "reconciliation.claim_certification",
        "reconciliation.fetch_files",
        "reconciliation.inspect_file",
        "reconciliation.prepare_bank_reconciliation",
        "reconciliation.trial_match",
        "reconciliation.view_connection",
    }
)
