REVOKE DELETE, TRUNCATE ON reconciliation_clearingundo FROM {app};

-- An undoing is decided once; what was asked stays as it was.
CREATE FUNCTION reconciliation_only_decide_clearing_undo() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'decided_by_id', 'decided_at'];
BEGIN
    IF OLD.verdict IS NOT NULL OR to_jsonb(NEW) - fate <> to_jsonb(OLD) - fate THEN
        RAISE EXCEPTION 'the undoing of a clearing is decided once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_clearingundo_only_decide BEFORE UPDATE ON reconciliation_clearingundo
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide_clearing_undo();
