-- What was announced never changes; it is withdrawn once, and the bank's line confirms it.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_advice FROM {app};
GRANT UPDATE (bank_confirmed_on, withdrawn_by_id, withdrawn_at, withdraw_reason) ON cashiering_advice TO {app};
GRANT UPDATE (batch) ON cashiering_refund TO {app};

CREATE FUNCTION cashiering_advice_withdrawn_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'an advice that was withdrawn stays so' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_advice_withdrawn_once BEFORE UPDATE ON cashiering_advice
    FOR EACH ROW EXECUTE FUNCTION cashiering_advice_withdrawn_once();

-- A refund that the bank had paid out may come back, and that may turn out to be wrong.
CREATE OR REPLACE FUNCTION cashiering_refund_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.key, NEW.facility_id, NEW.payment_id, NEW.tender_id, NEW.currency, NEW.amount_minor, NEW.reason,
        NEW.requested_by_id, NEW.is_within_limit)
       IS DISTINCT FROM
       (OLD.key, OLD.facility_id, OLD.payment_id, OLD.tender_id, OLD.currency, OLD.amount_minor, OLD.reason,
        OLD.requested_by_id, OLD.is_within_limit) THEN
        RAISE EXCEPTION 'what a refund is never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
        ('REQUESTED', 'APPROVED'), ('REQUESTED', 'REJECTED'), ('REQUESTED', 'CANCELLED'),
        ('APPROVED', 'RELEASED'), ('APPROVED', 'SENT'), ('APPROVED', 'SETTLED'), ('APPROVED', 'CANCELLED'),
        ('RELEASED', 'SENT'), ('RELEASED', 'CANCELLED'),
        ('SENT', 'SETTLED'), ('SENT', 'FAILED'), ('SETTLED', 'SENT'), ('FAILED', 'RELEASED'),
        ('SETTLED', 'FAILED'), ('FAILED', 'SETTLED')) THEN
        RAISE EXCEPTION 'a refund does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
