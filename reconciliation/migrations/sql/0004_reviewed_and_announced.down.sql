DROP TRIGGER reconciliation_reconciliationreview_checked ON reconciliation_reconciliationreview;
DROP FUNCTION reconciliation_check_review();
UPDATE reconciliation_discrepancy SET kind = 'STATEMENT_GAP' WHERE kind = 'STATEMENT_ANNOUNCED';
