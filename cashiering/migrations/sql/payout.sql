-- What a processor's report says never changes: what we found beside it, and what became of it, does.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_payout, cashiering_payoutrow FROM {app};
GRANT UPDATE (state, accepted_by_id, accepted_at, accept_reason, withdrawn_by_id, withdrawn_at, withdraw_reason,
              bank_confirmed_on)
    ON cashiering_payout TO {app};
GRANT UPDATE (card_batch_id, taken, fee_over_minor, problem) ON cashiering_payoutrow TO {app};

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
