-- What was offered never changes, and is decided once.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_cashtransfer, cashiering_changeorder, cashiering_transferpart FROM {app};
GRANT UPDATE (state, receiver_id, received, decided_by_id, decided_at, reason) ON cashiering_cashtransfer TO {app};
GRANT UPDATE (state, given, filled_by_id, decided_at) ON cashiering_changeorder TO {app};
GRANT UPDATE (received) ON cashiering_transferpart TO {app};

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

-- What was offered keeps its receiver; only a handover finds one, when it is accepted.
CREATE FUNCTION cashiering_transfer_receiver_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.receiver_id IS DISTINCT FROM OLD.receiver_id
       AND NOT (OLD.kind = 'HANDOVER' AND OLD.receiver_id IS NULL AND NEW.state = 'ACCEPTED') THEN
        RAISE EXCEPTION 'an offer keeps its receiver' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_cashtransfer_receiver_fixed BEFORE UPDATE ON cashiering_cashtransfer
    FOR EACH ROW EXECUTE FUNCTION cashiering_transfer_receiver_fixed();

-- The receiver counts what was offered once.
CREATE FUNCTION cashiering_transfer_part_received_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.received IS NOT NULL OR
       (NEW.transfer_id, NEW.currency, NEW.amount_minor, NEW.float_minor, NEW.denominations) IS DISTINCT FROM
       (OLD.transfer_id, OLD.currency, OLD.amount_minor, OLD.float_minor, OLD.denominations) THEN
        RAISE EXCEPTION 'what was handed over never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_transfer_part_received_once BEFORE UPDATE OR DELETE ON cashiering_transferpart
    FOR EACH ROW EXECUTE FUNCTION cashiering_transfer_part_received_once();
