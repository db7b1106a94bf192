REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_chargebackwin FROM {app};
GRANT UPDATE (state, decided_by_id, decided_at, business_on, suspense_minor, payout_id, bank_confirmed_on)
    ON cashiering_chargebackwin TO {app};

-- Only a confirmed chargeback of a card is won, by at most as much, and it is decided once.
CREATE FUNCTION cashiering_chargeback_win_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'REPORTED' OR NOT EXISTS (
        SELECT FROM cashiering_paymentreturn taken JOIN cashiering_tender tender ON tender.id = taken.tender_id
         WHERE taken.id = NEW.chargeback_id AND tender.kind = 'CARD' AND taken.state = 'CONFIRMED'
           AND taken.payment_id = NEW.payment_id AND taken.facility_id = NEW.facility_id
           AND taken.currency = NEW.currency AND taken.amount_minor >= NEW.amount_minor) THEN
        RAISE EXCEPTION 'only a confirmed chargeback is won, and at most as much' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_chargeback_win_fits BEFORE INSERT ON cashiering_chargebackwin
    FOR EACH ROW EXECUTE FUNCTION cashiering_chargeback_win_fits();
