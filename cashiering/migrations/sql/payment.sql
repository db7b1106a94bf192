-- What was given never changes; where a tender went next may.
-- How much of a tender goes back is a counter beside what was given; the CHECK bounds it.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_tender FROM {app};
GRANT UPDATE (deposit_id, ticked_at, bank_confirmed_on, refunded_minor) ON cashiering_tender TO {app};

-- What was given for a tender never changes: also which credit it draws, how a card was presented, what was handed
-- over in a foreign currency and its rate, and what cash lacked.
CREATE FUNCTION cashiering_tender_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a tender is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.payment_id, NEW.line, NEW.kind, NEW.currency, NEW.amount_minor, NEW.tendered_minor,
        NEW.change_minor, NEW.reference, NEW.cheque_bank, NEW.card_batch_id, NEW.terminal_request_id,
        NEW.credit_id, NEW.is_wallet, NEW.is_health_account, NEW.foreign_currency, NEW.foreign_minor,
        NEW.exchange_rate_id, NEW.short_minor)
       IS DISTINCT FROM
       (OLD.payment_id, OLD.line, OLD.kind, OLD.currency, OLD.amount_minor, OLD.tendered_minor,
        OLD.change_minor, OLD.reference, OLD.cheque_bank, OLD.card_batch_id, OLD.terminal_request_id,
        OLD.credit_id, OLD.is_wallet, OLD.is_health_account, OLD.foreign_currency, OLD.foreign_minor,
        OLD.exchange_rate_id, OLD.short_minor) THEN
        RAISE EXCEPTION 'what was tendered never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_tender_fixed BEFORE UPDATE OR DELETE ON cashiering_tender
    FOR EACH ROW EXECUTE FUNCTION cashiering_tender_fixed();

-- A register's drawer books only the tenders that it takes; a rescue session what a terminal charged already.
CREATE FUNCTION cashiering_tender_taken_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cashiering_payment p
               JOIN cashiering_session s ON s.id = p.session_id
               JOIN cashiering_register r ON r.id = s.register_id
               WHERE p.id = NEW.payment_id AND NOT s.is_rescue AND r.allowed_tenders <> '{}'
                 AND NOT NEW.kind = ANY (r.allowed_tenders)) THEN
        RAISE EXCEPTION 'this register does not take this tender' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_tender_taken_here BEFORE INSERT ON cashiering_tender
    FOR EACH ROW EXECUTE FUNCTION cashiering_tender_taken_here();
