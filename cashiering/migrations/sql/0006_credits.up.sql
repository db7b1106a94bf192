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

REVOKE DELETE, TRUNCATE ON cashiering_receiptmail FROM {app};

-- What was given for a tender includes which credit it draws, and how a card was presented.
CREATE OR REPLACE FUNCTION cashiering_tender_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a tender is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.payment_id, NEW.line, NEW.kind, NEW.currency, NEW.amount_minor, NEW.tendered_minor,
        NEW.change_minor, NEW.reference, NEW.cheque_bank, NEW.card_batch_id, NEW.terminal_request_id,
        NEW.credit_id, NEW.is_wallet, NEW.is_health_account)
       IS DISTINCT FROM
       (OLD.payment_id, OLD.line, OLD.kind, OLD.currency, OLD.amount_minor, OLD.tendered_minor,
        OLD.change_minor, OLD.reference, OLD.cheque_bank, OLD.card_batch_id, OLD.terminal_request_id,
        OLD.credit_id, OLD.is_wallet, OLD.is_health_account) THEN
        RAISE EXCEPTION 'what was tendered never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
