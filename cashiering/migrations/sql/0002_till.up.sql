-- What was given never changes; where a tender went next may.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_tender FROM {app};
GRANT UPDATE (deposit_id, ticked_at, bank_confirmed_on) ON cashiering_tender TO {app};

CREATE FUNCTION cashiering_tender_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER cashiering_tender_fixed BEFORE UPDATE OR DELETE ON cashiering_tender
    FOR EACH ROW EXECUTE FUNCTION cashiering_tender_fixed();

-- A session keeps its drawer, cashier and day; a committed count stays.
REVOKE DELETE, TRUNCATE ON cashiering_session, cashiering_deposit, cashiering_cardbatch,
    cashiering_overshort, cashiering_terminalrequest FROM {app};

CREATE FUNCTION cashiering_session_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.register_id, NEW.facility_id, NEW.cashier_id, NEW.business_on, NEW.currency, NEW.number)
       IS DISTINCT FROM
       (OLD.register_id, OLD.facility_id, OLD.cashier_id, OLD.business_on, OLD.currency, OLD.number) THEN
        RAISE EXCEPTION 'a session keeps its drawer, cashier and day' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.counted_minor IS NOT NULL AND NEW.counted_minor IS DISTINCT FROM OLD.counted_minor THEN
        RAISE EXCEPTION 'a committed count never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_session_fixed BEFORE UPDATE ON cashiering_session
    FOR EACH ROW EXECUTE FUNCTION cashiering_session_fixed();

-- Money enters an open drawer only; the lock holds off a close until the payment is through.
CREATE FUNCTION cashiering_session_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state_now text;
    wanted text[] := ARRAY['OPEN'];
    session_wanted bigint;
BEGIN
    IF TG_TABLE_NAME = 'cashiering_paymentvoid' THEN
        SELECT session_id INTO session_wanted FROM cashiering_payment WHERE id = NEW.payment_id;
        IF session_wanted IS NULL THEN
            RAISE EXCEPTION 'only a payment of a session is voided' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSE
        session_wanted := NEW.session_id;
        IF session_wanted IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_TABLE_NAME = 'cashiering_cashmovement' THEN
        wanted := ARRAY['OPENING', 'OPEN'];
    END IF;
    SELECT state INTO state_now FROM cashiering_session WHERE id = session_wanted FOR SHARE;
    IF NOT state_now = ANY (wanted) THEN
        RAISE EXCEPTION 'the session is not open' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_payment_session_open BEFORE INSERT ON cashiering_payment
    FOR EACH ROW EXECUTE FUNCTION cashiering_session_is_open();
CREATE TRIGGER cashiering_cashmovement_session_open BEFORE INSERT ON cashiering_cashmovement
    FOR EACH ROW EXECUTE FUNCTION cashiering_session_is_open();
CREATE TRIGGER cashiering_paymentvoid_session_open BEFORE INSERT ON cashiering_paymentvoid
    FOR EACH ROW EXECUTE FUNCTION cashiering_session_is_open();
