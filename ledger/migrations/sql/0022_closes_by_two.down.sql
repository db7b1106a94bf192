DROP TRIGGER ledger_entry_posted_now ON ledger_entry;
DROP FUNCTION ledger_check_posted_at();
DROP TABLE ledger_standingclock;
CREATE OR REPLACE FUNCTION ledger_is_control_role(role text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT role IN ('receivable.unbilled', 'receivable.patient', 'receivable.insurer', 'cash.drawer',
        'cheque.drawer', 'deposit.in_transit', 'card.clearing', 'transfer.clearing', 'liability.patient_deposits')
$$;
DROP TRIGGER ledger_closestep_by_two ON ledger_closestep;
DROP FUNCTION ledger_check_checklist_change();
DROP TRIGGER ledger_checklistdecision_two_people ON ledger_checklistdecision;
DROP FUNCTION ledger_check_checklist_decision();
ALTER TABLE ledger_closestep DROP COLUMN made_in;
DROP TRIGGER ledger_periodreopening_as_closed ON ledger_periodreopening;
DROP FUNCTION ledger_check_reopening_state();
