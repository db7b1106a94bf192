DROP TRIGGER reconciliation_sampledmatch_only_judge ON reconciliation_sampledmatch;
DROP FUNCTION reconciliation_only_judge();
GRANT DELETE, TRUNCATE ON reconciliation_sampledmatch TO {app};
