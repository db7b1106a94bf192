REVOKE DELETE, TRUNCATE ON ledger_period, ledger_periodreopening FROM {app};

CREATE FUNCTION ledger_check_period_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.legal_entity_id, NEW.fiscal_year, NEW.number, NEW.starts_on, NEW.ends_on)
        IS DISTINCT FROM (OLD.id, OLD.legal_entity_id, OLD.fiscal_year, OLD.number, OLD.starts_on, OLD.ends_on) THEN
        RAISE EXCEPTION 'a period keeps its days, its number and its entity'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_days_kept';
    END IF;
    IF array_position(ARRAY['OPEN', 'SOFT', 'HARD'], NEW.state::text)
        < array_position(ARRAY['OPEN', 'SOFT', 'HARD'], OLD.state::text)
        AND NOT EXISTS (
            SELECT FROM public.ledger_periodreopening
            WHERE period_id = NEW.id AND approved_in = pg_current_xact_id()
        ) THEN
        RAISE EXCEPTION 'a closed period is reopened only with the approval of a second person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_reopened_by_two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_period_change BEFORE UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_check_period_change();

-- The transaction that approves, so that one approval reopens once.
ALTER TABLE ledger_periodreopening ADD COLUMN approved_in xid8;

-- A reopening changes once: when it is approved, or when it is declined.
CREATE FUNCTION ledger_check_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved_by_id IS NOT NULL OR NEW.declined_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a reopening is requested first and decided afterwards'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periodreopening_asked_first';
        END IF;
        NEW.approved_in := NULL;
        RETURN NEW;
    END IF;
    IF OLD.approved_by_id IS NOT NULL OR OLD.declined_by_id IS NOT NULL
        OR NEW.approved_by_id IS NULL AND NEW.declined_by_id IS NULL
        OR (NEW.id, NEW.period_id, NEW.reason, NEW.requested_by_id, NEW.requested_at)
        IS DISTINCT FROM (OLD.id, OLD.period_id, OLD.reason, OLD.requested_by_id, OLD.requested_at) THEN
        RAISE EXCEPTION 'a reopening changes once, when it is decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periodreopening_approved_once';
    END IF;
    NEW.approved_in := CASE WHEN NEW.approved_by_id IS NOT NULL THEN pg_current_xact_id() END;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_periodreopening_change BEFORE INSERT OR UPDATE ON ledger_periodreopening
    FOR EACH ROW EXECUTE FUNCTION ledger_check_reopening();

ALTER TABLE ledger_period ADD CONSTRAINT ledger_period_no_overlap EXCLUDE USING gist (
    int8range(legal_entity_id, legal_entity_id, '[]') WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
);

-- A change of a period's state and those who post into it wait for one another, without a row lock. An older snapshot
-- of the database would leave out what was posted since: a close takes none.
CREATE FUNCTION ledger_wait_for_posters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a period changes its state in a read committed transaction only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_sees_all';
    END IF;
    PERFORM pg_advisory_xact_lock(7031, (NEW.id % 2147483647)::int);
    RETURN NEW;
END $$;
-- The name sorts before ledger_period_change, so that everything else is looked at after the wait.
CREATE TRIGGER ledger_period_a_waits BEFORE UPDATE ON ledger_period
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION ledger_wait_for_posters();

-- How often a period was opened again: a reopened period is closed again from the first step.
CREATE FUNCTION ledger_closing_round(period bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM public.ledger_periodreopening WHERE period_id = period AND approved_by_id IS NOT NULL
$$;

-- What is asked for of a period closed in one way is not granted when it is closed in another.
CREATE FUNCTION ledger_check_reopening_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.of_state = 'OPEN' OR NEW.round <> public.ledger_closing_round(NEW.period_id)
        OR NOT EXISTS (SELECT FROM public.ledger_period WHERE id = NEW.period_id AND state = NEW.of_state)
        OR TG_OP = 'UPDATE' AND (NEW.of_state, NEW.round) IS DISTINCT FROM (OLD.of_state, OLD.round) THEN
        RAISE EXCEPTION 'a reopening is of the period as it is closed now'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periodreopening_as_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_periodreopening_as_closed BEFORE INSERT OR UPDATE ON ledger_periodreopening
    FOR EACH ROW EXECUTE FUNCTION ledger_check_reopening_state();
