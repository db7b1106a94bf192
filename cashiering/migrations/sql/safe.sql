REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_safecount FROM {app};
GRANT UPDATE (state, confirmed_by_id, confirmed_at, reason, approved_by_id, approved_at)
    ON cashiering_safecount TO {app};

-- A count of the safe that was given up stays as it is, and a difference that both saw only goes to the third person.
CREATE FUNCTION cashiering_safecount_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('EXACT', 'APPROVED', 'DISCARDED') OR (OLD.state = 'DIFFERENT' AND NEW.state <> 'APPROVED') THEN
        RAISE EXCEPTION 'this count was decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_safecount_decided_once BEFORE UPDATE ON cashiering_safecount
    FOR EACH ROW EXECUTE FUNCTION cashiering_safecount_decided_once();
