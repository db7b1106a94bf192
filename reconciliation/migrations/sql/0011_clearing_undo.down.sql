DROP FUNCTION reconciliation_only_decide_clearing_undo CASCADE;
GRANT DELETE, TRUNCATE ON reconciliation_clearingundo TO {app}
