-- A session keeps its drawer, cashier and day; a committed count stays.
REVOKE DELETE, TRUNCATE ON cashiering_session, cashiering_overshort FROM {app};

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

-- Money enters an open drawer only; the lock holds off a close until the payment is through. Cash leaves a drawer by
-- acceptance even while it is suspended, counted by two, or left behind. Without a session only a transfer is voided,
-- while the bank has not paid it.
CREATE FUNCTION cashiering_session_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state_now text;
    wanted text[] := ARRAY['OPEN'];
    session_wanted bigint;
BEGIN
    IF TG_TABLE_NAME = 'cashiering_paymentvoid' THEN
        SELECT session_id INTO session_wanted FROM cashiering_payment WHERE id = NEW.payment_id;
        IF session_wanted IS NULL THEN
            IF EXISTS (SELECT FROM cashiering_tender WHERE payment_id = NEW.payment_id
                          AND (kind <> 'TRANSFER' OR bank_confirmed_on IS NOT NULL)) THEN
                RAISE EXCEPTION 'only a payment of a session is voided, or a transfer that the bank has not paid'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END IF;
    ELSE
        session_wanted := NEW.session_id;
        IF session_wanted IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_TABLE_NAME = 'cashiering_cashmovement' THEN
        wanted := CASE NEW.kind
            WHEN 'DROP' THEN ARRAY['OPEN', 'SUSPENDED', 'FORCED']
            WHEN 'HANDED' THEN ARRAY['OPEN', 'COUNTING']
            ELSE ARRAY['OPENING', 'OPEN'] END;
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

-- Who counted, confirmed, audited, gave, took or witnessed the cash of a drawer does not approve its session.
CREATE FUNCTION cashiering_session_approver_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id AND (
        EXISTS (SELECT FROM cashiering_count WHERE session_id = NEW.id
                   AND NEW.approved_by_id IN (counted_by_id, confirmed_by_id))
        OR EXISTS (SELECT FROM cashiering_tillaudit
                   WHERE session_id = NEW.id AND audited_by_id = NEW.approved_by_id)
        OR EXISTS (SELECT FROM cashiering_cashmovement WHERE session_id = NEW.id
                   AND NEW.approved_by_id IN (made_by_id, witness_id))) THEN
        RAISE EXCEPTION 'the approver had a hand in this drawer' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_session_approver_apart BEFORE UPDATE ON cashiering_session
    FOR EACH ROW EXECUTE FUNCTION cashiering_session_approver_apart();
