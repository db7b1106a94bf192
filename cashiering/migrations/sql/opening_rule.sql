-- That openings are confirmed was asked for by one person and is approved once by another.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_openingrule FROM {app};
GRANT UPDATE (approved_by_id, approved_at) ON cashiering_openingrule TO {app};

CREATE FUNCTION cashiering_opening_rule_approved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.approved_by_id IS NOT NULL OR
       (NEW.facility_id, NEW.is_confirmed, NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM
       (OLD.facility_id, OLD.is_confirmed, OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION 'what was asked for never changes, and is approved once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_opening_rule_approved_once BEFORE UPDATE OR DELETE ON cashiering_openingrule
    FOR EACH ROW EXECUTE FUNCTION cashiering_opening_rule_approved_once();

-- Where openings are confirmed, a drawer opens only with another person's agreement to its count, or by a
-- handover, which two people count. Money enters an open drawer only, so it takes nothing before.
CREATE FUNCTION cashiering_opening_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT coalesce((SELECT is_confirmed FROM cashiering_openingrule
                     WHERE facility_id = NEW.facility_id AND approved_by_id IS NOT NULL
                     ORDER BY id DESC LIMIT 1), false) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM cashiering_cashtransfer t JOIN cashiering_session s ON s.id = t.sender_id
                       WHERE t.kind = 'HANDOVER' AND t.state = 'OFFERED' AND t.offered_to_id = NEW.cashier_id
                         AND s.register_id = NEW.register_id) THEN
            RAISE EXCEPTION 'another person confirms the opening count' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF NOT EXISTS (SELECT FROM cashiering_count
                      WHERE session_id = NEW.id AND kind = 'OPENING' AND currency = ''
                        AND confirmed_by_id <> NEW.cashier_id) THEN
        RAISE EXCEPTION 'another person confirms the opening count' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_session_begins_confirmed BEFORE INSERT ON cashiering_session
    FOR EACH ROW WHEN (NEW.state NOT IN ('OPENING', 'FORCED') AND NOT NEW.is_rescue)
    EXECUTE FUNCTION cashiering_opening_confirmed();
CREATE TRIGGER cashiering_session_opening_confirmed BEFORE UPDATE ON cashiering_session
    FOR EACH ROW WHEN (OLD.state IN ('OPENING', 'FORCED')
                       AND NEW.state IN ('OPEN', 'SUSPENDED', 'COUNTING', 'RECOUNT'))
    EXECUTE FUNCTION cashiering_opening_confirmed();
