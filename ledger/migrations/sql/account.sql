REVOKE DELETE, TRUNCATE ON ledger_account, ledger_accountrole, ledger_rolechange FROM {app};

-- What a posting relies on does not change under it.
CREATE FUNCTION ledger_check_account_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.legal_entity_id, NEW.number, NEW.natural_class, NEW.normal_side)
        IS DISTINCT FROM (OLD.legal_entity_id, OLD.number, OLD.natural_class, OLD.normal_side)
        OR NEW.currency IS DISTINCT FROM OLD.currency THEN
        RAISE EXCEPTION 'account % keeps its entity, number, class, side and currency', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_identity_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_identity BEFORE UPDATE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_check_account_change();

CREATE FUNCTION ledger_check_account_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_account account
                   WHERE account.id = NEW.account_id AND account.legal_entity_id = NEW.legal_entity_id)
        OR EXISTS (SELECT FROM public.access_facility facility
                   WHERE facility.id = NEW.facility_id AND facility.legal_entity_id <> NEW.legal_entity_id) THEN
        RAISE EXCEPTION 'role % needs an account and a facility of its own legal entity', NEW.role
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_accountrole_one_entity';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_accountrole_one_entity BEFORE INSERT OR UPDATE ON ledger_accountrole
    FOR EACH ROW EXECUTE FUNCTION ledger_check_account_role();

-- Ranges of numbers have GiST operators in core; plain numbers and text would need an extension.
CREATE TYPE ledger_textrange AS RANGE (subtype = text, collation = "C");

ALTER TABLE ledger_accountrole ADD CONSTRAINT ledger_accountrole_no_overlap EXCLUDE USING gist (
    int8range(legal_entity_id, legal_entity_id, '[]') WITH &&,
    int8range(coalesce(facility_id, 0), coalesce(facility_id, 0), '[]') WITH &&,
    ledger_textrange(role, role, '[]') WITH &&,
    daterange(valid_from, valid_until) WITH &&
);

-- The chart is a tree of one entity and class.
CREATE FUNCTION ledger_check_account_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM public.ledger_account parent WHERE parent.id = NEW.parent_id
                   AND parent.legal_entity_id = NEW.legal_entity_id
                   AND parent.natural_class = NEW.natural_class) THEN
        RAISE EXCEPTION 'account % stands below an account of its own entity and class', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_parent_fits';
    END IF;
    -- One change of a chart at a time, so that two changes cannot close a circle together.
    PERFORM FROM public.access_legalentity WHERE id = NEW.legal_entity_id FOR NO KEY UPDATE;
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT NEW.parent_id AS id
            UNION SELECT account.parent_id FROM public.ledger_account account JOIN above USING (id)
            WHERE account.parent_id IS NOT NULL
        ) SELECT FROM above WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'account % would stand below itself', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_no_circle';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_parent BEFORE INSERT OR UPDATE OF parent_id ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_check_account_parent();

-- Moving where money is posted takes two people, and a role ends only for its successor.
CREATE FUNCTION ledger_check_role_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- A row changes once: it ends on the day its successor begins.
        IF (NEW.id, NEW.legal_entity_id, NEW.facility_id, NEW.role, NEW.account_id, NEW.valid_from, NEW.change_id)
            IS DISTINCT FROM
            (OLD.id, OLD.legal_entity_id, OLD.facility_id, OLD.role, OLD.account_id, OLD.valid_from, OLD.change_id)
            OR OLD.valid_until < NEW.valid_until OR NEW.valid_until IS NULL AND OLD.valid_until IS NOT NULL THEN
            RAISE EXCEPTION 'the assignment of role % only ends; assign anew for another account', OLD.role
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_accountrole_only_ends';
        END IF;
        IF NEW.valid_until IS DISTINCT FROM OLD.valid_until AND NOT EXISTS (
            SELECT FROM public.ledger_rolechange change
            WHERE change.is_approved AND change.legal_entity_id = NEW.legal_entity_id AND change.role = NEW.role
                AND change.facility_id IS NOT DISTINCT FROM NEW.facility_id
                AND change.valid_from = NEW.valid_until) THEN
            RAISE EXCEPTION 'the assignment of role % ends only where a change that a second person approved begins',
                NEW.role USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_accountrole_ended_by_two';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM public.ledger_accountrole role
               WHERE role.legal_entity_id = NEW.legal_entity_id AND role.role = NEW.role
               AND (role.facility_id IS NULL OR role.facility_id = NEW.facility_id))
        AND NOT EXISTS (
            SELECT FROM public.ledger_rolechange change
            WHERE change.id = NEW.change_id AND change.is_approved
                AND change.legal_entity_id = NEW.legal_entity_id AND change.role = NEW.role
                AND change.facility_id IS NOT DISTINCT FROM NEW.facility_id
                AND change.account_id = NEW.account_id AND change.valid_from = NEW.valid_from) THEN
        RAISE EXCEPTION 'role % is played already; another account needs the approval of a second person', NEW.role
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_accountrole_moved_by_two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_accountrole_moved BEFORE INSERT OR UPDATE ON ledger_accountrole
    FOR EACH ROW EXECUTE FUNCTION ledger_check_role_move();

CREATE FUNCTION ledger_check_role_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.decided_by_id IS NOT NULL
        OR TG_OP = 'UPDATE' AND (OLD.decided_by_id IS NOT NULL
            OR (NEW.id, NEW.public_id, NEW.legal_entity_id, NEW.facility_id, NEW.role, NEW.account_id,
                NEW.valid_from, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
            IS DISTINCT FROM
               (OLD.id, OLD.public_id, OLD.legal_entity_id, OLD.facility_id, OLD.role, OLD.account_id,
                OLD.valid_from, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)) THEN
        RAISE EXCEPTION 'a change of role is proposed first and decided once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_rolechange_decided_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_rolechange_decided BEFORE INSERT OR UPDATE ON ledger_rolechange
    FOR EACH ROW EXECUTE FUNCTION ledger_check_role_change();
