CREATE OR REPLACE FUNCTION cashiering_session_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
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
