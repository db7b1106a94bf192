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

-- Who counted, audited, gave, took or witnessed the cash of a drawer does not approve its session.
CREATE FUNCTION cashiering_session_approver_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id AND (
        EXISTS (SELECT FROM cashiering_count WHERE session_id = NEW.id AND counted_by_id = NEW.approved_by_id)
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
