-- Who takes a foreign currency in cash was asked for by one person and is approved once by another.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_cashcurrency, cashiering_transferpart FROM {app};
GRANT UPDATE (approved_by_id, approved_at) ON cashiering_cashcurrency TO {app};
GRANT UPDATE (received) ON cashiering_transferpart TO {app};
GRANT UPDATE (rounding_minor) ON cashiering_refund TO {app};

CREATE FUNCTION cashiering_cash_currency_approved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.approved_by_id IS NOT NULL OR
       (NEW.facility_id, NEW.currency, NEW.is_taken, NEW.rate_days, NEW.smallest_minor, NEW.gives_back,
        NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM
       (OLD.facility_id, OLD.currency, OLD.is_taken, OLD.rate_days, OLD.smallest_minor, OLD.gives_back,
        OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION 'what was asked for never changes, and is approved once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_cash_currency_approved_once BEFORE UPDATE OR DELETE ON cashiering_cashcurrency
    FOR EACH ROW EXECUTE FUNCTION cashiering_cash_currency_approved_once();

-- What was handed over in a foreign currency, its rate, and what cash lacked never change either.
CREATE OR REPLACE FUNCTION cashiering_tender_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- The receiver counts what was offered once.
CREATE FUNCTION cashiering_transfer_part_received_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.received IS NOT NULL OR
       (NEW.transfer_id, NEW.currency, NEW.amount_minor, NEW.float_minor, NEW.denominations) IS DISTINCT FROM
       (OLD.transfer_id, OLD.currency, OLD.amount_minor, OLD.float_minor, OLD.denominations) THEN
        RAISE EXCEPTION 'what was handed over never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_transfer_part_received_once BEFORE UPDATE OR DELETE ON cashiering_transferpart
    FOR EACH ROW EXECUTE FUNCTION cashiering_transfer_part_received_once();

-- A session's cash of one currency lies in one bag, unless that bag was opened again.
CREATE OR REPLACE FUNCTION cashiering_depositpart_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM cashiering_session WHERE id = NEW.session_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM cashiering_depositpart part JOIN cashiering_deposit bag ON bag.id = part.deposit_id
               WHERE part.session_id = NEW.session_id AND bag.state <> 'CANCELLED'
                 AND bag.currency = (SELECT currency FROM cashiering_deposit WHERE id = NEW.deposit_id)) THEN
        RAISE EXCEPTION 'the cash of this session is in another bag' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
