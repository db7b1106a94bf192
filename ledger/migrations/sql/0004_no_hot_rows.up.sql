-- Posting writes to no row that others share. Foreign keys to accounts, periods, facilities and entities
-- locked one row for everybody; the statement triggers look those rows up anyway and now refuse when one is
-- missing, and the rows themselves can no longer go.

-- ---- what entries and postings point at stays

CREATE TRIGGER ledger_account_stays BEFORE DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER ledger_account_stays_truncate BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER ledger_period_stays BEFORE DELETE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER ledger_period_stays_truncate BEFORE TRUNCATE ON ledger_period
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_facility_stays BEFORE DELETE ON access_facility
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_facility_stays_truncate BEFORE TRUNCATE ON access_facility
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_legalentity_stays BEFORE DELETE ON access_legalentity
    FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
CREATE TRIGGER access_legalentity_stays_truncate BEFORE TRUNCATE ON access_legalentity
    FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
REVOKE DELETE, TRUNCATE ON access_facility, access_legalentity FROM {app};

CREATE FUNCTION ledger_check_place_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'row % of % keeps its number, legal entity and functional currency', OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_place_kept';
END $$;

CREATE TRIGGER ledger_account_number_kept BEFORE UPDATE OF id ON ledger_account
    FOR EACH ROW WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION ledger_check_place_kept();
CREATE TRIGGER ledger_facility_kept BEFORE UPDATE ON access_facility
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.legal_entity_id <> OLD.legal_entity_id)
    EXECUTE FUNCTION ledger_check_place_kept();
CREATE TRIGGER ledger_legalentity_kept BEFORE UPDATE ON access_legalentity
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.functional_currency <> OLD.functional_currency)
    EXECUTE FUNCTION ledger_check_place_kept();

-- ---- a change of a period's state and those who post into it wait for one another, without a row lock

CREATE FUNCTION ledger_wait_for_posters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7031, (NEW.id % 2147483647)::int);
    RETURN NEW;
END $$;

-- The name sorts before ledger_period_change, so that everything else is looked at after the wait.
CREATE TRIGGER ledger_period_a_waits BEFORE UPDATE ON ledger_period
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION ledger_wait_for_posters();

CREATE OR REPLACE FUNCTION ledger_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
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
                AND added.effective_on BETWEEN period.starts_on AND period.ends_on, false) AS fits,
            period.state = 'OPEN' OR period.state = 'SOFT' AND added.source_kind = 'adjustment' AS is_open
        FROM added
        LEFT JOIN public.access_facility facility ON facility.id = added.facility_id
        LEFT JOIN public.ledger_period period ON period.id = added.period_id
    ) looked_at WHERE NOT (fits AND is_open) ORDER BY fits LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF wrong.fits THEN
        RAISE EXCEPTION 'entry % falls in a closed period', wrong.public_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_period_open';
    END IF;
    RAISE EXCEPTION 'entry % names another legal entity''s facility or period, or a day outside its period',
        wrong.public_id USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_fits';
END $$;

-- ---- postings: two looks at what was added, a third for reversals only

CREATE OR REPLACE FUNCTION ledger_check_postings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT entry.public_id, sums.entry_id, sums.is_unbalanced, sums.functional,
        (sums.n = entry.n_postings AND sums.first = 1 AND sums.last = entry.n_postings) IS NOT TRUE AS is_partial,
        sums.total <> entry.total_functional_minor AS is_other_total
    INTO wrong
    FROM (
        SELECT entry_id, bool_or(amount <> 0) AS is_unbalanced, sum(functional) AS functional,
            sum(n) AS n, min(first) AS first, max(last) AS last, sum(total) AS total
        FROM (
            SELECT entry_id, sum(amount_minor) AS amount, sum(functional_minor) AS functional,
                count(*) AS n, min(line) AS first, max(line) AS last,
                sum(greatest(functional_minor, 0)) AS total
            FROM added GROUP BY entry_id, currency
        ) by_currency GROUP BY entry_id
    ) sums
    LEFT JOIN public.ledger_entry entry ON entry.id = sums.entry_id
    LEFT JOIN public.ledger_period period ON period.id = entry.period_id
    WHERE (sums.is_unbalanced OR sums.functional <> 0
        OR sums.n <> entry.n_postings OR sums.first <> 1 OR sums.last <> entry.n_postings
        OR sums.total <> entry.total_functional_minor
        OR period.state <> 'OPEN' AND NOT (period.state = 'SOFT' AND entry.source_kind = 'adjustment')) IS NOT FALSE
    LIMIT 1;
    IF FOUND THEN
        IF wrong.is_partial THEN
            RAISE EXCEPTION 'entry % does not have the lines it announces', coalesce(wrong.public_id, wrong.entry_id::text)
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
        ELSIF wrong.is_unbalanced THEN
            RAISE EXCEPTION 'entry % has a currency whose debits and credits differ', wrong.public_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced';
        ELSIF wrong.functional <> 0 THEN
            RAISE EXCEPTION 'entry % differs by % in the functional currency', wrong.public_id, wrong.functional
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced';
        ELSIF wrong.is_other_total THEN
            RAISE EXCEPTION 'entry % does not add up to the total it announces', wrong.public_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
        END IF;
        RAISE EXCEPTION 'entry % falls in a closed period', wrong.public_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_period_open';
    END IF;

    -- What the account, the rate and the department must be; each comparison with a missing row is a no.
    SELECT min(format('line %s of entry %s', line, public_id)) FILTER (WHERE fits IS NOT TRUE) AS place,
        bool_or(is_reversal) AS has_reversals
    INTO wrong
    FROM (
        SELECT added.line, entry.public_id, entry.reverses_id IS NOT NULL AS is_reversal,
            added.legal_entity_id = entry.legal_entity_id AND added.facility_id = entry.facility_id
            AND added.effective_on = entry.effective_on
            AND account.legal_entity_id = entry.legal_entity_id
            AND account.active_from <= entry.effective_on
            AND (account.active_until IS NULL OR account.active_until > entry.effective_on)
            AND (account.currency IS NULL OR account.currency = added.currency)
            AND (added.department_id IS NULL OR department.facility_id = entry.facility_id)
            AND CASE WHEN added.currency = entity.functional_currency
                THEN added.functional_minor = added.amount_minor AND added.exchange_rate_id IS NULL
                WHEN added.amount_minor = 0
                THEN added.exchange_rate_id IS NULL
                    AND (added.role LIKE 'fx.%' OR account.natural_class IN ('ASSET', 'LIABILITY'))
                ELSE rate.base = added.currency AND rate.quote = entity.functional_currency
                    AND abs(added.functional_minor - added.amount_minor * rate.minor_rate) < 1 END AS fits
        FROM added
        JOIN public.ledger_entry entry ON entry.id = added.entry_id
        JOIN public.access_legalentity entity ON entity.id = entry.legal_entity_id
        LEFT JOIN public.ledger_account account ON account.id = added.account_id
        LEFT JOIN public.ledger_exchangerate rate ON rate.id = added.exchange_rate_id
        LEFT JOIN public.access_department department ON department.id = added.department_id
    ) looked_at;
    IF wrong.place IS NOT NULL THEN
        RAISE EXCEPTION '% does not fit its entry, account, department or rate', wrong.place
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_fits';
    ELSIF NOT wrong.has_reversals THEN
        RETURN NULL;
    END IF;

    SELECT entry.public_id INTO wrong
    FROM added
    JOIN public.ledger_entry entry ON entry.id = added.entry_id AND entry.reverses_id IS NOT NULL
    JOIN public.ledger_entry original ON original.id = entry.reverses_id
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
    RETURN NULL;
END $$;

-- ---- indexes that repeat another, or hold what nobody looks for

-- LIKE 'prefix%' on keys and ids is nobody's question; equality has the unique index.
DROP INDEX ledger_entry_public_id_6af0919d_like;
DROP INDEX ledger_entry_key_b3fe1ea3_like;
-- Nearly every entry reverses nothing: its null needs no place in an index.
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_reverses_id_key;
CREATE UNIQUE INDEX ledger_entry_reverses_id_once ON ledger_entry (reverses_id) WHERE reverses_id IS NOT NULL;
