-- What came back never changes; it is decided once, and the bank's line confirms it.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_chequereturn, cashiering_chequeblock FROM {app};
GRANT UPDATE (state, decided_by_id, decided_at, business_on, fee_minor, fee_invoice_id, bank_confirmed_on)
    ON cashiering_chequereturn TO {app};
GRANT UPDATE (lifted_by_id, lifted_at, lift_reason) ON cashiering_chequeblock TO {app};

CREATE FUNCTION cashiering_cheque_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'cashiering_chequeblock' THEN
        IF OLD.lifted_at IS NOT NULL THEN
            RAISE EXCEPTION 'a block is lifted once' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF OLD.state <> 'REPORTED' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'this was decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_chequereturn_decided_once BEFORE UPDATE ON cashiering_chequereturn
    FOR EACH ROW EXECUTE FUNCTION cashiering_cheque_decided_once();
CREATE TRIGGER cashiering_chequeblock_lifted_once BEFORE UPDATE ON cashiering_chequeblock
    FOR EACH ROW EXECUTE FUNCTION cashiering_cheque_decided_once();
