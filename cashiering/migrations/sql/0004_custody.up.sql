-- Cash leaves a drawer by acceptance even while it is suspended, counted by two, or left behind.
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

-- What was offered never changes, and is decided once.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_cashtransfer, cashiering_changeorder, cashiering_safecount
    FROM {app};
GRANT UPDATE (state, receiver_id, received, decided_by_id, decided_at, reason)
    ON cashiering_cashtransfer TO {app};
GRANT UPDATE (state, given, filled_by_id, decided_at) ON cashiering_changeorder TO {app};
GRANT UPDATE (state, confirmed_by_id, confirmed_at, reason, approved_by_id, approved_at)
    ON cashiering_safecount TO {app};

CREATE FUNCTION cashiering_transfer_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('OFFERED', 'ASKED') THEN
        RAISE EXCEPTION 'this was decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_cashtransfer_decided_once BEFORE UPDATE ON cashiering_cashtransfer
    FOR EACH ROW EXECUTE FUNCTION cashiering_transfer_decided_once();
CREATE TRIGGER cashiering_changeorder_decided_once BEFORE UPDATE ON cashiering_changeorder
    FOR EACH ROW EXECUTE FUNCTION cashiering_transfer_decided_once();

CREATE FUNCTION cashiering_safecount_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('EXACT', 'APPROVED') THEN
        RAISE EXCEPTION 'this count was decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_safecount_decided_once BEFORE UPDATE ON cashiering_safecount
    FOR EACH ROW EXECUTE FUNCTION cashiering_safecount_decided_once();

-- A session's cash lies in one bag, unless that bag was opened again.
CREATE FUNCTION cashiering_depositpart_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM cashiering_session WHERE id = NEW.session_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM cashiering_depositpart part JOIN cashiering_deposit bag ON bag.id = part.deposit_id
               WHERE part.session_id = NEW.session_id AND bag.state <> 'CANCELLED') THEN
        RAISE EXCEPTION 'the cash of this session is in another bag' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_depositpart_once BEFORE INSERT ON cashiering_depositpart
    FOR EACH ROW EXECUTE FUNCTION cashiering_depositpart_once();
CREATE FUNCTION cashiering_deposit_opened_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'CANCELLED' OR (NEW.state = 'CANCELLED' AND OLD.state NOT IN ('PREPARED', 'VERIFIED')) THEN
        RAISE EXCEPTION 'a bag is opened again once, before it leaves' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_deposit_opened_for_good BEFORE UPDATE ON cashiering_deposit
    FOR EACH ROW EXECUTE FUNCTION cashiering_deposit_opened_for_good();
