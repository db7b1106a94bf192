REVOKE DELETE, TRUNCATE ON reconciliation_accountnumber FROM {app};

-- A number is decided once; what was proposed stays as it was.
CREATE FUNCTION reconciliation_only_decide_accountnumber() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'verdict_reason', 'decided_by_id', 'decided_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.verdict IS NOT NULL THEN
            RAISE EXCEPTION 'a number begins as a proposal' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF OLD.verdict IS NOT NULL OR to_jsonb(NEW) - fate <> to_jsonb(OLD) - fate THEN
        RAISE EXCEPTION 'the number of an account is decided once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_accountnumber_only_decide BEFORE INSERT OR UPDATE ON reconciliation_accountnumber
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide_accountnumber();
