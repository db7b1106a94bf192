DROP INDEX ledger_entry_reverses_id_once;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_reverses_id_key UNIQUE (reverses_id);
CREATE INDEX ledger_entry_key_b3fe1ea3_like ON ledger_entry (key varchar_pattern_ops);
CREATE INDEX ledger_entry_public_id_6af0919d_like ON ledger_entry (public_id varchar_pattern_ops);

{function ledger_check_postings of 0003_calendar}

{function ledger_check_entries of 0002_guards}

DROP TRIGGER ledger_period_a_waits ON ledger_period;
DROP FUNCTION ledger_wait_for_posters();
DROP TRIGGER ledger_legalentity_kept ON access_legalentity;
DROP TRIGGER ledger_facility_kept ON access_facility;
DROP TRIGGER ledger_account_number_kept ON ledger_account;
DROP FUNCTION ledger_check_place_kept();
GRANT DELETE ON access_facility, access_legalentity TO {app};
DROP TRIGGER access_legalentity_stays_truncate ON access_legalentity;
DROP TRIGGER access_legalentity_stays ON access_legalentity;
DROP TRIGGER access_facility_stays_truncate ON access_facility;
DROP TRIGGER access_facility_stays ON access_facility;
DROP TRIGGER ledger_period_stays_truncate ON ledger_period;
DROP TRIGGER ledger_period_stays ON ledger_period;
DROP TRIGGER ledger_account_stays_truncate ON ledger_account;
DROP TRIGGER ledger_account_stays ON ledger_account;
