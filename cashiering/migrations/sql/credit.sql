-- A credit keeps its payment, patient and amount; only how much of it is used moves.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_credit FROM {app};
GRANT UPDATE (used_minor) ON cashiering_credit TO {app};

CREATE FUNCTION cashiering_credit_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'money on account is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.payment_id, NEW.facility_id, NEW.patient_id, NEW.currency, NEW.amount_minor)
       IS DISTINCT FROM
       (OLD.payment_id, OLD.facility_id, OLD.patient_id, OLD.currency, OLD.amount_minor) THEN
        RAISE EXCEPTION 'a credit keeps its patient and amount' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_credit_fixed BEFORE UPDATE OR DELETE ON cashiering_credit
    FOR EACH ROW EXECUTE FUNCTION cashiering_credit_fixed();
