DROP TRIGGER cashiering_credit_fixed ON cashiering_credit;
DROP FUNCTION cashiering_credit_fixed();
GRANT UPDATE, DELETE ON cashiering_credit TO {app};
GRANT DELETE ON cashiering_receiptmail TO {app};
CREATE OR REPLACE FUNCTION cashiering_tender_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a tender is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.payment_id, NEW.line, NEW.kind, NEW.currency, NEW.amount_minor, NEW.tendered_minor,
        NEW.change_minor, NEW.reference, NEW.cheque_bank, NEW.card_batch_id, NEW.terminal_request_id)
       IS DISTINCT FROM
       (OLD.payment_id, OLD.line, OLD.kind, OLD.currency, OLD.amount_minor, OLD.tendered_minor,
        OLD.change_minor, OLD.reference, OLD.cheque_bank, OLD.card_batch_id, OLD.terminal_request_id) THEN
        RAISE EXCEPTION 'what was tendered never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
