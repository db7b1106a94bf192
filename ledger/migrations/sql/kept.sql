-- What entries and postings point at is kept: it never goes, and never moves to another entity. They have no foreign keys
-- to it, which would lock one row for everybody who posts; ledger_check_entries and ledger_check_postings look it up.
REVOKE DELETE, TRUNCATE ON access_facility, access_legalentity, access_department FROM {app};

CREATE TRIGGER ledger_account_stays BEFORE DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER ledger_account_stays_truncate BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER ledger_period_stays BEFORE DELETE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER ledger_period_stays_truncate BEFORE TRUNCATE ON ledger_period
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_facility_stays BEFORE DELETE ON access_facility
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_facility_stays_truncate BEFORE TRUNCATE ON access_facility
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_legalentity_stays BEFORE DELETE ON access_legalentity
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_legalentity_stays_truncate BEFORE TRUNCATE ON access_legalentity
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_user_stays BEFORE DELETE ON access_user
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_user_stays_truncate BEFORE TRUNCATE ON access_user
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_department_stays BEFORE DELETE ON access_department
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_department_stays_truncate BEFORE TRUNCATE ON access_department
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();

CREATE FUNCTION ledger_check_place_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'row % of % keeps its number, legal entity and functional currency', OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_place_kept';
END $$;
CREATE TRIGGER ledger_account_number_kept BEFORE UPDATE OF id ON ledger_account
    FOR EACH ROW WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION ledger_check_place_kept();
CREATE TRIGGER ledger_facility_kept BEFORE UPDATE ON access_facility
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.legal_entity_id <> OLD.legal_entity_id)
    EXECUTE FUNCTION ledger_check_place_kept();
CREATE TRIGGER ledger_legalentity_kept BEFORE UPDATE ON access_legalentity
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.functional_currency <> OLD.functional_currency)
    EXECUTE FUNCTION ledger_check_place_kept();
CREATE TRIGGER ledger_user_number_kept BEFORE UPDATE OF id ON access_user
    FOR EACH ROW WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION ledger_check_place_kept();
CREATE TRIGGER ledger_department_kept BEFORE UPDATE ON access_department
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.facility_id <> OLD.facility_id)
    EXECUTE FUNCTION ledger_check_place_kept();
