REVOKE DELETE, TRUNCATE ON reconciliation_suspenseclearing FROM {app};

-- A clearing is decided once; what was proposed stays as it was. The match of an expected item comes with the
-- decision.
CREATE FUNCTION reconciliation_only_decide_clearing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'verdict_reason', 'decided_by_id', 'decided_at', 'match_id'];
BEGIN
    IF OLD.verdict IS NOT NULL OR to_jsonb(NEW) - fate <> to_jsonb(OLD) - fate THEN
        RAISE EXCEPTION 'a clearing of suspense is decided once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_suspenseclearing_only_decide BEFORE UPDATE ON reconciliation_suspenseclearing
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide_clearing();

-- Money of another legal entity is another's: its owner is no facility of the entity that it came to.
CREATE FUNCTION reconciliation_check_clearing_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.access_facility owner, public.access_facility receiver
        WHERE owner.id = NEW.owner_id AND receiver.id = NEW.facility_id
            AND owner.legal_entity_id <> receiver.legal_entity_id) THEN
        RAISE EXCEPTION 'the owner of another entity''s money is a facility of another legal entity'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconciliation_suspenseclearing_owner_elsewhere';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_suspenseclearing_owner_elsewhere BEFORE INSERT ON reconciliation_suspenseclearing
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL) EXECUTE FUNCTION reconciliation_check_clearing_owner();
