REVOKE DELETE, TRUNCATE ON cashiering_cardbatch, cashiering_terminalrequest FROM {app};

-- Why a terminal counted otherwise is said once.
CREATE FUNCTION cashiering_card_difference_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.difference_at IS NOT NULL AND (NEW.difference_at, NEW.difference_by_id, NEW.difference_reason,
        NEW.gross_minor, NEW.terminal_gross_minor) IS DISTINCT FROM (OLD.difference_at, OLD.difference_by_id,
        OLD.difference_reason, OLD.gross_minor, OLD.terminal_gross_minor) THEN
        RAISE EXCEPTION 'the difference of this batch was cleared up' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_card_difference_once BEFORE UPDATE ON cashiering_cardbatch
    FOR EACH ROW EXECUTE FUNCTION cashiering_card_difference_once();
