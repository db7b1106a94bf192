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

-- An account is in force, and has another number, only by one that two people agreed on.
CREATE FUNCTION reconciliation_bankaccount_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.is_in_force THEN
            RAISE EXCEPTION 'a bank account begins as a proposal' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF (NEW.number_index <> OLD.number_index OR NEW.is_in_force AND NOT OLD.is_in_force)
       AND NOT EXISTS (SELECT FROM reconciliation_accountnumber said
                        WHERE said.account_id = NEW.id AND said.number_index = NEW.number_index
                          AND said.verdict = 'APPROVED' AND said.decided_by_id <> said.proposed_by_id) THEN
        RAISE EXCEPTION 'two people must agree on the number of a bank account'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_bankaccount_by_two BEFORE INSERT OR UPDATE ON reconciliation_bankaccount
    FOR EACH ROW EXECUTE FUNCTION reconciliation_bankaccount_by_two();

REVOKE DELETE, TRUNCATE ON reconciliation_accountnumber FROM {app};
