REVOKE UPDATE, DELETE, TRUNCATE ON access_rolegrant FROM {app};
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON access_roleconflict FROM {app};
GRANT UPDATE (revoked_by_id, revoked_at, revocation_reason) ON access_rolegrant TO {app};

-- A role is refused to somebody who holds one that excludes it, whoever writes the row.
-- The user's row is locked first, so that two grants at the same moment see each other.
CREATE FUNCTION access_refuse_role_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    holder_kind text;
    held text;
BEGIN
    SELECT kind INTO holder_kind FROM access_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF (NEW.role = 'INTEGRATOR') <> (holder_kind = 'SERVICE') THEN
        RAISE EXCEPTION 'role % is not for a user of kind %', NEW.role, holder_kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'access_rolegrant_fits_kind';
    END IF;
    SELECT g.role INTO held
    FROM access_rolegrant g
    JOIN access_roleconflict c
      ON (c.role, c.other_role) IN ((g.role, NEW.role), (NEW.role, g.role))
    WHERE g.user_id = NEW.user_id AND g.revoked_at IS NULL
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'role % conflicts with % held by user %', NEW.role, held, NEW.user_id
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'access_rolegrant_no_conflict';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_rolegrant_no_conflict BEFORE INSERT ON access_rolegrant
    FOR EACH ROW EXECUTE FUNCTION access_refuse_role_conflict();

-- A grant changes once: from held to revoked. It is never deleted.
CREATE FUNCTION access_close_role_grant_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL
       AND (NEW.id, NEW.user_id, NEW.role, NEW.granted_by_id, NEW.granted_at, NEW.reason)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.user_id, OLD.role, OLD.granted_by_id, OLD.granted_at, OLD.reason) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a role grant is revoked once and otherwise never changed or deleted'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER access_rolegrant_closes_once BEFORE UPDATE OR DELETE ON access_rolegrant
    FOR EACH ROW EXECUTE FUNCTION access_close_role_grant_once();
CREATE TRIGGER access_rolegrant_no_truncate BEFORE TRUNCATE ON access_rolegrant
    FOR EACH STATEMENT EXECUTE FUNCTION access_close_role_grant_once();
