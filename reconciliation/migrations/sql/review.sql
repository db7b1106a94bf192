REVOKE DELETE, TRUNCATE ON reconciliation_discrepancyhold, reconciliation_suggestionrejection FROM {app};

-- What a reviewer said stays; it is only ended, once.
CREATE FUNCTION reconciliation_only_end_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending text[] := ARRAY['released_by_id', 'released_at', 'restored_by_id', 'restored_at'];
BEGIN
    IF coalesce(to_jsonb(OLD) ->> 'released_at', to_jsonb(OLD) ->> 'restored_at') IS NOT NULL
       OR to_jsonb(NEW) - ending <> to_jsonb(OLD) - ending THEN
        RAISE EXCEPTION 'rows of % are only ended, once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_discrepancyhold_only_end BEFORE UPDATE ON reconciliation_discrepancyhold
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_end_review();
CREATE TRIGGER reconciliation_suggestionrejection_only_end BEFORE UPDATE ON reconciliation_suggestionrejection
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_end_review();
