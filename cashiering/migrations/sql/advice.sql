-- What was announced never changes; it is withdrawn once, and the bank's line confirms it.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_advice FROM {app};
GRANT UPDATE (bank_confirmed_on, withdrawn_by_id, withdrawn_at, withdraw_reason) ON cashiering_advice TO {app};

CREATE FUNCTION cashiering_advice_withdrawn_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'an advice that was withdrawn stays so' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_advice_withdrawn_once BEFORE UPDATE ON cashiering_advice
    FOR EACH ROW EXECUTE FUNCTION cashiering_advice_withdrawn_once();
