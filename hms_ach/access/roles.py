"""Who may do what: the roles, and the one table of their permissions.

Each application adds its own permissions to PERMISSIONS, named after the command or screen they open
("billing.issue_invoice"). Roles that may not be held by one person are rows of RoleConflict.
"""

from django.db import models

from hms_ach.access.role_shares import AT_THE_TILL, DECIDES, PREPARES, SEES_FINANCE


class Role(models.TextChoices):
    CASHIER = "CASHIER", "Cashier"
    HEAD_CASHIER = "HEAD_CASHIER", "Head cashier"
    BILLING_CLERK = "BILLING_CLERK", "Billing clerk"
    FINANCE_REVIEWER = "FINANCE_REVIEWER", "Finance reviewer"
    FINANCE_APPROVER = "FINANCE_APPROVER", "Finance approver"
    CONTROLLER = "CONTROLLER", "Controller"
    AUDITOR = "AUDITOR", "Auditor"
    INTEGRATOR = "INTEGRATOR", "Integrator (API client)"
    ADMINISTRATOR = "ADMINISTRATOR", "Administrator"


PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.CASHIER: AT_THE_TILL
    | frozenset(
        {
            "cashiering.pay_refund",
            "cashiering.take_payment",
            "cashiering.void_payment",
            "cashiering.work_session",
        }
    ),
    Role.HEAD_CASHIER: AT_THE_TILL
    | frozenset(
        {
            "billing.view_contact_data",
            "cashiering.ask_cash_currency",
            "cashiering.ask_opening_rule",
            "cashiering.view_cash_book",
            "cashiering.write_cash_book",
            "cashiering.approve_refund",
            "cashiering.approve_session",
            "cashiering.confirm_cheque_return",
            "cashiering.confirm_chargeback_win",
            "cashiering.confirm_payment_return",
            "cashiering.exceed_drawer_limit",
            "cashiering.lift_cheque_block",
            "cashiering.return_cheque",
            "cashiering.report_chargeback_win",
            "cashiering.return_payment",
            "cashiering.approve_variance",
            "cashiering.approve_void",
            "cashiering.audit_till",
            "cashiering.confirm_safe_count",
            "cashiering.count_safe",
            "cashiering.fill_change",
            "cashiering.settle_card_sale",
            "cashiering.top_up_drawer",
            "cashiering.view_control_room",
            "cashiering.view_safe",
            "cashiering.close_card_batch",
            "cashiering.force_close",
            "cashiering.hand_over_deposit",
            "cashiering.view_not_collected",
            "cashiering.prepare_deposit",
            "cashiering.reallocate_payment",
            "cashiering.view_card_batch",
            "cashiering.view_deposit",
            "cashiering.view_register",
            "reconciliation.view_day",
        }
    ),
    Role.BILLING_CLERK: frozenset(
        {
            "billing.view_invoice",
            "billing.view_patient",
            "billing.view_contact_data",
            "billing.register_patient",
            "billing.record_charge",
            "billing.withdraw_charge",
            "billing.draft_invoice",
            "billing.issue_invoice",
            "billing.cancel_invoice",
            "billing.record_coverage",
            "billing.raise_alert",
            "billing.register_payer",
            "billing.view_payer",
            "billing.view_price",
            "cashiering.request_refund",
            "cashiering.view_payment",
            "cashiering.view_refund",
        }
    ),
    Role.FINANCE_REVIEWER: SEES_FINANCE
    | PREPARES
    | frozenset(
        {
            "ledger.finish_task",
            "cashiering.clear_card_difference",
            "cashiering.return_cheque",
            "cashiering.report_chargeback_win",
            "cashiering.return_payment",
            "cashiering.verify_deposit",
            "cashiering.reallocate_payment",
            "cashiering.request_refund",
            "ledger.explain_item",
            "reconciliation.judge_match",
            "reconciliation.import_statement",
            "reconciliation.reconcile_account",
            "reconciliation.end_tolerance",
            "reconciliation.propose",
            "reconciliation.propose_rules",
            "reconciliation.propose_tolerance",
            "reconciliation.reopen_certification",
            "reconciliation.write_note",
        }
    ),
    Role.FINANCE_APPROVER: SEES_FINANCE | DECIDES,
    Role.CONTROLLER: SEES_FINANCE
    | PREPARES
    | DECIDES
    | frozenset(
        {
            "audit.view_event",
            "outbox.view_endpoint",
            "outbox.manage_endpoint",
            "ledger.import_chart",
            "ledger.propose_role_change",
            "ledger.revalue",
            "ledger.open_period",
            "ledger.set_calendar",
            "ledger.set_checklist",
            "ledger.propose_checklist",
            "ledger.propose_journal_limit",
            "ledger.manage_gl_export",
            "ledger.soft_close",
            "ledger.hard_close",
            "ledger.request_reopening",
            "billing.view_contact_data",
            "billing.lock_invoice",
            "billing.view_locked_invoice",
            "billing.set_price",
            "billing.register_payer",
            "billing.register_service",
            "cashiering.approve_large_variance",
            "cashiering.approve_cash_currency",
            "cashiering.approve_opening_rule",
            "cashiering.approve_safe_count",
            "cashiering.ask_cash_currency",
            "cashiering.ask_opening_rule",
            "cashiering.write_cash_book",
            "cashiering.audit_till",
            "cashiering.file_cash_report",
            "cashiering.set_merchant_agreement",
            "cashiering.set_till_policy",
            "cashiering.view_control_room",
            "cashiering.approve_session",
            "cashiering.approve_variance",
            "cashiering.manage_register",
            "cashiering.view_register",
            "reconciliation.create_bank_account",
            "reconciliation.propose_account_number",
            "reconciliation.change_account_profile",
            "reconciliation.manage_connection",
        }
    ),
    Role.AUDITOR: SEES_FINANCE
    | frozenset(
        {
            "audit.view_event",
            "outbox.view_endpoint",
            "access.view_user",
            "access.view_api_client",
            "billing.view_locked_invoice",
            "cashiering.audit_till",
            "cashiering.view_cash_watch",
            "cashiering.view_control_room",
            "cashiering.view_safe",
            "cashiering.view_register",
            "reconciliation.view_connection",
        }
    ),
    Role.INTEGRATOR: frozenset(
        {
            "outbox.view_event",
            "outbox.manage_endpoint",
            "ledger.view_account",
            "ledger.import_chart",
            "ledger.view_rate",
            "ledger.import_rates",
            "ledger.view_gl_batch",
            "ledger.build_gl_batch",
            "ledger.acknowledge_gl_batch",
            "ledger.record_statistics",
            "ledger.view_journal",
            "ledger.prepare_journal",
            "api.view_openapi",
            "billing.view_invoice",
            "billing.register_patient",
            "billing.price_by_hand",
            "billing.draft_invoice",
            "billing.issue_invoice",
            "billing.cancel_invoice",
            "billing.cancel_any_invoice",
            "cashiering.receive_payment",
            "cashiering.record_advice",
            "cashiering.take_lockbox_file",
            "cashiering.take_payout_report",
            "cashiering.view_card_batch",
            "cashiering.report_chargeback_win",
            "cashiering.return_payment",
            "cashiering.request_refund",
            "cashiering.view_advice",
            "cashiering.view_deposit",
            "cashiering.view_payment",
            "cashiering.view_refund",
            "cashiering.view_session",
            "reconciliation.import_statement",
            "reconciliation.view_statement",
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            "outbox.view_endpoint",
            "outbox.manage_endpoint",
            "access.view_user",
            "access.create_user",
            "access.enrol_badge",
            "access.create_facility",
            "access.create_department",
            "access.grant_role",
            "access.revoke_role",
            "access.grant_facility",
            "access.revoke_facility",
            "access.view_api_client",
            "access.create_api_client",
            "access.rotate_api_secret",
            "access.change_api_scopes",
            "access.suspend_api_client",
            "access.suspend_user",
        }
    ),
}


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """Everything the holder of these roles may do."""
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles))
