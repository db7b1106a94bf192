REVOKE DELETE, TRUNCATE ON reconciliation_proposal, reconciliation_discrepancy FROM {app};

-- A proposal is decided once; what was proposed stays as it was.
CREATE FUNCTION reconciliation_only_decide() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'verdict_reason', 'decided_by_id', 'decided_at', 'match_id'];
BEGIN
    IF OLD.verdict IS NOT NULL OR to_jsonb(NEW) - fate <> to_jsonb(OLD) - fate THEN
        RAISE EXCEPTION 'a proposal is decided once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_proposal_only_decide BEFORE UPDATE ON reconciliation_proposal
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide();
