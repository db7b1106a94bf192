-- A clearing is decided once; what was proposed stays as it was. The match of an expected item comes with the decision.
CREATE OR REPLACE FUNCTION reconciliation_only_decide_clearing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'verdict_reason', 'decided_by_id', 'decided_at', 'match_id'];
BEGIN
    IF OLD.verdict IS NOT NULL OR to_jsonb(NEW) - fate <> to_jsonb(OLD) - fate THEN
        RAISE EXCEPTION 'a clearing of suspense is decided once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

REVOKE DELETE, TRUNCATE ON reconciliation_suspensetry FROM {app};
