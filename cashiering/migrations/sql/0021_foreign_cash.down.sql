DROP TRIGGER cashiering_cash_currency_approved_once ON cashiering_cashcurrency;
DROP FUNCTION cashiering_cash_currency_approved_once();
DROP TRIGGER cashiering_transfer_part_received_once ON cashiering_transferpart;
DROP FUNCTION cashiering_transfer_part_received_once();
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
CREATE OR REPLACE FUNCTION cashiering_depositpart_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM cashiering_session WHERE id = NEW.session_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM cashiering_depositpart part JOIN cashiering_deposit bag ON bag.id = part.deposit_id
               WHERE part.session_id = NEW.session_id AND bag.state <> 'CANCELLED') THEN
        RAISE EXCEPTION 'the cash of this session is in another bag' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
