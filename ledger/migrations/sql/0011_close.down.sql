GRANT DELETE ON ledger_closestep, ledger_closetask TO {app};
DROP TRIGGER ledger_period_checklist ON ledger_period;
DROP FUNCTION ledger_check_close_tasks();
DROP TRIGGER ledger_tieoutsignature_checked ON ledger_tieoutsignature;
DROP FUNCTION ledger_check_signature();
DROP TRIGGER ledger_closestep_kept ON ledger_closestep;
DROP FUNCTION ledger_check_close_step();
DROP TRIGGER ledger_closetask_done ON ledger_closetask;
DROP FUNCTION ledger_check_close_task();
