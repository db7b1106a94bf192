DROP TRIGGER ledger_entry_posted_now ON ledger_entry;
DROP FUNCTION ledger_check_posted_at();
DROP TABLE ledger_standingclock;
{function ledger_is_control_role of 0016_closes}
DROP TRIGGER ledger_closestep_by_two ON ledger_closestep;
DROP FUNCTION ledger_check_checklist_change();
DROP TRIGGER ledger_checklistdecision_two_people ON ledger_checklistdecision;
DROP FUNCTION ledger_check_checklist_decision();
ALTER TABLE ledger_closestep DROP COLUMN made_in;
DROP TRIGGER ledger_periodreopening_as_closed ON ledger_periodreopening;
DROP FUNCTION ledger_check_reopening_state();
