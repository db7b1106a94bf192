REVOKE DELETE, TRUNCATE ON reconciliation_learntrule FROM {app};

-- A rule is decided once, by somebody who had no part in its evidence, after it was tried; and retired once.
CREATE FUNCTION reconciliation_only_decide_rule() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'verdict_reason', 'decided_by_id', 'decided_at'];
    ending text[] := ARRAY['retired_by_id', 'retired_at', 'retire_reason'];
BEGIN
    IF to_jsonb(NEW) - fate - ending <> to_jsonb(OLD) - fate - ending
       OR (OLD.verdict IS NOT NULL AND to_jsonb(NEW) - ending <> to_jsonb(OLD) - ending)
       OR OLD.retired_at IS NOT NULL THEN
        RAISE EXCEPTION 'a learnt rule is decided once, retired once, and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.verdict IS NULL AND NEW.verdict = 'APPROVED' THEN
        IF NEW.decided_by_id = NEW.proposed_by_id OR EXISTS (
            SELECT FROM reconciliation_ruleevidence evidence
              JOIN reconciliation_proposal decision ON decision.id = evidence.proposal_id
             WHERE evidence.rule_id = NEW.id
               AND NEW.decided_by_id IN (decision.proposed_by_id, decision.decided_by_id)) THEN
            RAISE EXCEPTION 'whoever taught a rule does not approve it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'reconciliation_learntrule_two_people';
        END IF;
        IF NOT EXISTS (SELECT FROM reconciliation_ruletry WHERE rule_id = NEW.id) THEN
            RAISE EXCEPTION 'a rule is tried before it is approved'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'reconciliation_learntrule_tried';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_learntrule_only_decide BEFORE UPDATE ON reconciliation_learntrule
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide_rule();

CREATE FUNCTION reconciliation_rule_begins_proposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.verdict IS NOT NULL THEN
        RAISE EXCEPTION 'a learnt rule begins as a proposal' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_learntrule_begins BEFORE INSERT ON reconciliation_learntrule
    FOR EACH ROW EXECUTE FUNCTION reconciliation_rule_begins_proposed();
