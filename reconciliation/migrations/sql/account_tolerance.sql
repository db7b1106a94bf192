REVOKE DELETE, TRUNCATE ON reconciliation_accounttolerance FROM {app};

-- A tolerance is decided once, and ended once when it was approved; what was proposed stays as it was.
-- Two approved ones of the same account and kind are never in force on the same day.
CREATE FUNCTION reconciliation_only_decide_tolerance() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'verdict_reason', 'decided_by_id', 'decided_at'];
    ending text[] := ARRAY['ended_on', 'end_reason', 'ended_by_id', 'ended_at'];
BEGIN
    IF to_jsonb(NEW) - fate - ending <> to_jsonb(OLD) - fate - ending
       OR (OLD.verdict IS NOT NULL AND to_jsonb(NEW) - ending <> to_jsonb(OLD) - ending)
       OR OLD.ended_on IS NOT NULL THEN
        RAISE EXCEPTION 'a tolerance is decided once, ended once, and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.verdict IS NULL AND NEW.verdict = 'APPROVED' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('reconciliation_accounttolerance', NEW.account_id));
        IF EXISTS (
            SELECT FROM reconciliation_accounttolerance other
             WHERE other.account_id = NEW.account_id AND other.kind = NEW.kind AND other.verdict = 'APPROVED'
               AND other.id <> NEW.id
               AND other.valid_from <= coalesce(NEW.valid_to, 'infinity')
               AND least(coalesce(other.valid_to, 'infinity'), coalesce(other.ended_on - 1, 'infinity'))
                   >= NEW.valid_from) THEN
            RAISE EXCEPTION 'another tolerance of this account and kind is in force on one of its days'
                USING ERRCODE = 'exclusion_violation',
                      CONSTRAINT = 'reconciliation_accounttolerance_one_at_a_time';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_accounttolerance_only_decide BEFORE UPDATE ON reconciliation_accounttolerance
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide_tolerance();

-- It begins as a proposal: nobody writes one that is approved already.
CREATE FUNCTION reconciliation_tolerance_begins_proposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.verdict IS NOT NULL THEN
        RAISE EXCEPTION 'a tolerance begins as a proposal' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_accounttolerance_begins BEFORE INSERT ON reconciliation_accounttolerance
    FOR EACH ROW EXECUTE FUNCTION reconciliation_tolerance_begins_proposed();
