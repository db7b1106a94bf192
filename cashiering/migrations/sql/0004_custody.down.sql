DROP TRIGGER cashiering_deposit_opened_for_good ON cashiering_deposit;
DROP FUNCTION cashiering_deposit_opened_for_good();
DROP TRIGGER cashiering_depositpart_once ON cashiering_depositpart;
DROP FUNCTION cashiering_depositpart_once();
DROP TRIGGER cashiering_safecount_decided_once ON cashiering_safecount;
DROP FUNCTION cashiering_safecount_decided_once();
DROP TRIGGER cashiering_changeorder_decided_once ON cashiering_changeorder;
DROP TRIGGER cashiering_cashtransfer_decided_once ON cashiering_cashtransfer;
DROP FUNCTION cashiering_transfer_decided_once();
GRANT UPDATE, DELETE ON cashiering_cashtransfer, cashiering_changeorder, cashiering_safecount TO {app};
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
        wanted := ARRAY['OPENING', 'OPEN'];
    END IF;
    SELECT state INTO state_now FROM cashiering_session WHERE id = session_wanted FOR SHARE;
    IF NOT state_now = ANY (wanted) THEN
        RAISE EXCEPTION 'the session is not open' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
