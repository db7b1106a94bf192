DROP TRIGGER reconciliation_learntrule_only_decide ON reconciliation_learntrule;
DROP TRIGGER reconciliation_learntrule_begins ON reconciliation_learntrule;
DROP FUNCTION reconciliation_only_decide_rule();
DROP FUNCTION reconciliation_rule_begins_proposed();
GRANT DELETE ON reconciliation_learntrule TO {app};
