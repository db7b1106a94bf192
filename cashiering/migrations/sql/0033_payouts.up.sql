-- What a processor's report says never changes: what we found beside it, and what became of it, does.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_payout, cashiering_payoutrow, cashiering_chargebackwin FROM {app};
GRANT UPDATE (state, accepted_by_id, accepted_at, accept_reason, withdrawn_by_id, withdrawn_at, withdraw_reason,
              bank_confirmed_on) ON cashiering_payout TO {app};
GRANT UPDATE (card_batch_id, taken, fee_over_minor, problem) ON cashiering_payoutrow TO {app};
GRANT UPDATE (state, decided_by_id, decided_at, business_on, suspense_minor, payout_id, bank_confirmed_on)
    ON cashiering_chargebackwin TO {app};
GRANT UPDATE (payout_id, won_on) ON cashiering_paymentreturn TO {app};

-- A payout is its rows, to the cent.
CREATE FUNCTION cashiering_payout_is_its_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cashiering_payoutrow WHERE payout_id = NEW.id
        HAVING (sum(gross_minor), sum(fee_minor), sum(chargebacks_minor))
             = (NEW.gross_minor, NEW.fee_minor, NEW.chargebacks_minor)) THEN
        RAISE EXCEPTION 'a payout is the sum of its rows' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cashiering_payout_is_its_rows AFTER INSERT ON cashiering_payout
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cashiering_payout_is_its_rows();

-- Withdrawn is the end; nothing goes back to be checked once it was agreed.
CREATE FUNCTION cashiering_payout_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state = 'WITHDRAWN' OR NEW.state = 'DIFFERS'
        OR OLD.state = 'PAID' AND NEW.state <> 'AWAITED' OR OLD.state = 'KNOWN' AND NEW.state <> 'WITHDRAWN') THEN
        RAISE EXCEPTION 'a payout that is % does not become %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_payout_moves_on BEFORE UPDATE ON cashiering_payout
    FOR EACH ROW EXECUTE FUNCTION cashiering_payout_moves_on();

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
CREATE TRIGGER cashiering_chargeback_win_decided_once BEFORE UPDATE ON cashiering_chargebackwin
    FOR EACH ROW EXECUTE FUNCTION cashiering_payment_return_decided_once();
