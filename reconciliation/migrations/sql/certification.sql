REVOKE DELETE, TRUNCATE ON reconciliation_certificationclaim FROM {app};

-- What was said of an item is decided once; what was said stays as it was.
CREATE FUNCTION reconciliation_only_decide_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'verdict_reason', 'decided_by_id', 'decided_at'];
BEGIN
    IF OLD.verdict IS NOT NULL OR to_jsonb(NEW) - fate <> to_jsonb(OLD) - fate THEN
        RAISE EXCEPTION 'what was said of a certification is decided once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_certificationclaim_only_decide BEFORE UPDATE ON reconciliation_certificationclaim
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide_claim();

-- It begins undecided: nobody writes one that is confirmed already.
CREATE FUNCTION reconciliation_claim_begins_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.verdict IS NOT NULL THEN
        RAISE EXCEPTION 'what is said of a certification begins undecided' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_certificationclaim_begins BEFORE INSERT ON reconciliation_certificationclaim
    FOR EACH ROW EXECUTE FUNCTION reconciliation_claim_begins_undecided();
