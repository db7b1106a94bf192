DROP FUNCTION reconciliation_line_opens, reconciliation_line_settles, reconciliation_line_opens_again,
    reconciliation_item_opens, reconciliation_item_changes, reconciliation_item_settles,
    reconciliation_item_opens_again CASCADE;
GRANT INSERT, UPDATE, DELETE, TRUNCATE ON reconciliation_openline, reconciliation_openitem TO {app}
