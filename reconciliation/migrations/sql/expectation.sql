REVOKE DELETE, TRUNCATE ON reconciliation_expectation FROM {app};

-- What was pulled from the till stays as it was; a row may only be withdrawn, or wanted again.
CREATE FUNCTION reconciliation_only_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['withdrawn_at', 'account_id'] <> to_jsonb(OLD) - ARRAY['withdrawn_at', 'account_id']
       OR (OLD.account_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM OLD.account_id) THEN
        RAISE EXCEPTION 'an expectation stays as it was pulled'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_expectation_only_withdraw BEFORE UPDATE ON reconciliation_expectation
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_withdraw();

CREATE TRIGGER reconciliation_expectation_stays BEFORE DELETE ON reconciliation_expectation
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();

CREATE TRIGGER reconciliation_expectation_stays_truncate BEFORE TRUNCATE ON reconciliation_expectation
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
