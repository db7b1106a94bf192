REVOKE DELETE, TRUNCATE ON reconciliation_sampledmatch FROM {app};

-- What was drawn stays as it was drawn; a person judges it once.
CREATE FUNCTION reconciliation_only_judge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judgement text[] := ARRAY['is_right', 'note', 'judged_by_id', 'judged_at'];
BEGIN
    IF OLD.is_right IS NOT NULL OR to_jsonb(NEW) - judgement <> to_jsonb(OLD) - judgement THEN
        RAISE EXCEPTION 'a drawn match is judged once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_sampledmatch_only_judge BEFORE UPDATE ON reconciliation_sampledmatch
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_judge();
