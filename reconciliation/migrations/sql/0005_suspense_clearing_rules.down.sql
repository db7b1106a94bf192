DROP TRIGGER reconciliation_suspenseclearing_only_decide ON reconciliation_suspenseclearing;
DROP FUNCTION reconciliation_only_decide_clearing();
GRANT DELETE ON reconciliation_suspenseclearing TO {app};
