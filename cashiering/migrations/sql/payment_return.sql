-- What was taken back never changes; it is decided once, and the bank's line confirms it.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_paymentreturn FROM {app};
GRANT UPDATE (state, decided_by_id, decided_at, business_on, bank_confirmed_on, payout_id, won_on)
    ON cashiering_paymentreturn TO {app};

CREATE FUNCTION cashiering_payment_return_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'REPORTED' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'this was decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_paymentreturn_decided_once BEFORE UPDATE ON cashiering_paymentreturn
    FOR EACH ROW EXECUTE FUNCTION cashiering_payment_return_decided_once();
CREATE TRIGGER cashiering_chargeback_win_decided_once BEFORE UPDATE ON cashiering_chargebackwin
    FOR EACH ROW EXECUTE FUNCTION cashiering_payment_return_decided_once();

-- A cheque has a return of its own, a transfer comes back whole, and neither is more than was paid.
CREATE FUNCTION cashiering_payment_return_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'REPORTED' OR NOT EXISTS (
        SELECT FROM cashiering_tender tender
         WHERE tender.id = NEW.tender_id AND tender.payment_id = NEW.payment_id
           AND tender.currency = NEW.currency
           AND (tender.kind = 'TRANSFER' AND tender.amount_minor = NEW.amount_minor
                OR tender.kind = 'CARD' AND tender.amount_minor >= NEW.amount_minor)) THEN
        RAISE EXCEPTION 'a return is of a transfer or a card sale, and at most as much'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_paymentreturn_fits BEFORE INSERT ON cashiering_paymentreturn
    FOR EACH ROW EXECUTE FUNCTION cashiering_payment_return_fits();
