REVOKE DELETE, TRUNCATE ON reconciliation_bankaccount FROM {app};

-- An account is in force, and has another number, only by one that two people agreed on.
CREATE FUNCTION reconciliation_bankaccount_by_two() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
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
