-- Entries by the hundred thousand: every rule is looked at once for a statement, never once for a row. The
-- foreign keys that are gone (poster, original, department) are looked at here with everything else, and what
-- they point at never goes.

CREATE TRIGGER access_user_stays BEFORE DELETE ON access_user
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_user_stays_truncate BEFORE TRUNCATE ON access_user
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_department_stays BEFORE DELETE ON access_department
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_department_stays_truncate BEFORE TRUNCATE ON access_department
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
REVOKE DELETE, TRUNCATE ON access_department FROM {app};
CREATE TRIGGER ledger_user_number_kept BEFORE UPDATE OF id ON access_user
    FOR EACH ROW WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION ledger_check_place_kept();
CREATE TRIGGER ledger_department_kept BEFORE UPDATE ON access_department
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.facility_id <> OLD.facility_id)
    EXECUTE FUNCTION ledger_check_place_kept();

-- ---- an entry has its postings when its statement ends, or at the latest when its transaction commits

DROP TRIGGER ledger_entry_has_postings ON ledger_entry;
DROP FUNCTION ledger_check_entry_has_postings();

-- Entries that came without postings, by a statement of their own (COPY). A row lives until its transaction
-- commits: that is when its deferred trigger looks, once for all entries of the statement.
CREATE TABLE ledger_announced (first_entry_id bigint NOT NULL, last_entry_id bigint NOT NULL);
REVOKE ALL ON ledger_announced FROM {app};

CREATE FUNCTION ledger_announce(first bigint, last bigint) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ INSERT INTO public.ledger_announced VALUES (first, last) $$;

CREATE FUNCTION ledger_check_announced() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    missing text;
BEGIN
    SELECT min(public_id) INTO missing FROM public.ledger_entry entry
    WHERE id BETWEEN NEW.first_entry_id AND NEW.last_entry_id
        AND NOT EXISTS (SELECT FROM public.ledger_posting WHERE entry_id = entry.id);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'entry % has no postings', missing
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
    END IF;
    DELETE FROM public.ledger_announced
    WHERE first_entry_id = NEW.first_entry_id AND last_entry_id = NEW.last_entry_id;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION ledger_check_announced() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER ledger_entry_has_postings AFTER INSERT ON ledger_announced
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_announced();

CREATE OR REPLACE FUNCTION ledger_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
    first_bare bigint;
    last_bare bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7031, (period_id % 2147483647)::int)
    FROM (SELECT DISTINCT period_id FROM added ORDER BY period_id) periods;
    -- An older snapshot would not see a close that came before the lock: the row's own version tells.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM FROM public.ledger_period WHERE id IN (SELECT period_id FROM added) ORDER BY id FOR SHARE;
    END IF;

    SELECT * INTO wrong FROM (
        SELECT added.public_id,
            coalesce(facility.legal_entity_id = added.legal_entity_id
                AND period.legal_entity_id = added.legal_entity_id
                AND added.effective_on BETWEEN period.starts_on AND period.ends_on, false)
            AND (added.posted_by_id IS NULL OR poster.id IS NOT NULL) AS fits,
            period.state = 'OPEN' OR period.state = 'SOFT' AND added.source_kind = 'adjustment' AS is_open
        FROM added
        LEFT JOIN public.access_facility facility ON facility.id = added.facility_id
        LEFT JOIN public.ledger_period period ON period.id = added.period_id
        LEFT JOIN public.access_user poster ON poster.id = added.posted_by_id
    ) looked_at WHERE NOT (fits AND is_open) ORDER BY fits LIMIT 1;
    IF FOUND THEN
        IF wrong.fits THEN
            RAISE EXCEPTION 'entry % falls in a closed period', wrong.public_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_period_open';
        END IF;
        RAISE EXCEPTION 'entry % names another legal entity''s facility or period, a day outside its period, or nobody',
            wrong.public_id USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_fits';
    END IF;

    SELECT min(id), max(id) INTO first_bare, last_bare FROM added
    WHERE NOT EXISTS (SELECT FROM public.ledger_posting WHERE entry_id = added.id);
    IF first_bare IS NOT NULL THEN
        PERFORM public.ledger_announce(first_bare, last_bare);
    END IF;
    RETURN NULL;
END $$;

-- ---- postings: one look at what was added, and others only where currencies mix or something is reversed

CREATE OR REPLACE FUNCTION ledger_check_postings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen record;
    wrong record;
BEGIN
    -- A group is an entry, as its lines tell it: lines that tell different things leave it incomplete.
    SELECT min(problem) AS problem, bool_or(is_mixed) AS has_mixed, bool_or(is_reversal) AS has_reversals
    INTO seen
    FROM (
        SELECT sums.is_mixed, entry.reverses_id IS NOT NULL AS is_reversal, CASE
            WHEN entry.id IS NULL
                THEN format('ledger_entry_whole|entry %s does not have the lines it announces', sums.entry_id)
            WHEN sums.unfit_line IS NOT NULL OR sums.legal_entity_id <> entry.legal_entity_id
                OR sums.facility_id <> entry.facility_id OR sums.effective_on <> entry.effective_on
                THEN format('ledger_posting_fits|line %s of entry %s does not fit its entry, account, department or rate',
                    coalesce(sums.unfit_line, sums.first), entry.public_id)
            WHEN sums.n <> entry.n_postings OR sums.first <> 1 OR sums.last <> entry.n_postings
                THEN format('ledger_entry_whole|entry %s does not have the lines it announces', entry.public_id)
            WHEN sums.amount <> 0 AND NOT sums.is_mixed
                THEN format('ledger_entry_balanced|entry %s has a currency whose debits and credits differ', entry.public_id)
            WHEN sums.functional <> 0
                THEN format('ledger_entry_balanced|entry %s differs by %s in the functional currency',
                    entry.public_id, sums.functional)
            WHEN sums.total <> entry.total_functional_minor
                THEN format('ledger_entry_whole|entry %s does not add up to the total it announces', entry.public_id)
            END AS problem
        FROM (
            SELECT added.entry_id, added.legal_entity_id, added.facility_id, added.effective_on,
                count(*) AS n, min(added.line) AS first, max(added.line) AS last,
                sum(added.amount_minor) AS amount, sum(added.functional_minor) AS functional,
                sum(greatest(added.functional_minor, 0)) AS total,
                min(added.currency) <> max(added.currency) AS is_mixed,
                -- Each comparison with a missing row is a no.
                min(added.line) FILTER (WHERE (
                    account.legal_entity_id = added.legal_entity_id
                    AND account.active_from <= added.effective_on
                    AND (account.active_until IS NULL OR account.active_until > added.effective_on)
                    AND (account.currency IS NULL OR account.currency = added.currency)
                    AND (added.department_id IS NULL OR department.facility_id = added.facility_id)
                    AND CASE WHEN added.currency = entity.functional_currency
                        THEN added.functional_minor = added.amount_minor AND added.exchange_rate_id IS NULL
                        WHEN added.amount_minor = 0
                        THEN added.exchange_rate_id IS NULL
                            AND (added.role LIKE 'fx.%' OR account.natural_class IN ('ASSET', 'LIABILITY'))
                            AND EXISTS (SELECT FROM public.ledger_exchangerate known
                                WHERE known.base = added.currency AND known.quote = entity.functional_currency)
                        ELSE rate.base = added.currency AND rate.quote = entity.functional_currency
                            AND abs(added.functional_minor - added.amount_minor * rate.minor_rate) < 1 END
                ) IS NOT TRUE) AS unfit_line
            FROM added
            LEFT JOIN public.access_legalentity entity ON entity.id = added.legal_entity_id
            LEFT JOIN public.ledger_account account ON account.id = added.account_id
            LEFT JOIN public.ledger_exchangerate rate ON rate.id = added.exchange_rate_id
            LEFT JOIN public.access_department department ON department.id = added.department_id
            GROUP BY added.entry_id, added.legal_entity_id, added.facility_id, added.effective_on
        ) sums
        -- Fetched one by one by its key, because a plan made for a set would read the whole journal for one.
        LEFT JOIN LATERAL (SELECT * FROM public.ledger_entry WHERE id = sums.entry_id OFFSET 0) entry ON true
    ) looked_at;
    IF seen.problem IS NOT NULL THEN
        RAISE EXCEPTION '%', split_part(seen.problem, '|', 2)
            USING ERRCODE = 'check_violation', CONSTRAINT = split_part(seen.problem, '|', 1);
    END IF;

    IF seen.has_mixed THEN
        SELECT entry.public_id INTO wrong FROM (
            SELECT entry_id FROM added GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0 LIMIT 1
        ) sums JOIN public.ledger_entry entry ON entry.id = sums.entry_id;
        IF FOUND THEN
            RAISE EXCEPTION 'entry % has a currency whose debits and credits differ', wrong.public_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced';
        END IF;
    END IF;

    IF seen.has_reversals THEN
        SELECT entry.public_id INTO wrong
        FROM added
        JOIN public.ledger_entry entry ON entry.id = added.entry_id AND entry.reverses_id IS NOT NULL
        LEFT JOIN public.ledger_entry original ON original.id = entry.reverses_id
        LEFT JOIN public.ledger_posting mirrored
            ON mirrored.entry_id = entry.reverses_id AND mirrored.line = added.line
            AND mirrored.amount_minor = -added.amount_minor AND mirrored.currency = added.currency
            AND mirrored.functional_minor = -added.functional_minor AND mirrored.account_id = added.account_id
            AND mirrored.role = added.role AND mirrored.reference = added.reference
            AND mirrored.department_id IS NOT DISTINCT FROM added.department_id
            AND mirrored.exchange_rate_id IS NOT DISTINCT FROM added.exchange_rate_id
            AND mirrored.payer_class = added.payer_class AND mirrored.payer = added.payer
            AND mirrored.tender = added.tender
        WHERE mirrored.id IS NULL OR original.n_postings <> entry.n_postings
            OR original.facility_id <> entry.facility_id OR original.effective_on > entry.effective_on
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'entry % is not the exact mirror of the entry it reverses', wrong.public_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_mirror';
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- ---- a role ends only for its successor

CREATE OR REPLACE FUNCTION ledger_check_role_move() RETURNS trigger LANGUAGE plpgsql AS $$
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
