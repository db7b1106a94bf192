-- Every rule of entries and postings is looked at once for a statement, never once for a row, and there is no CHECK
-- and no row trigger: PostgreSQL reads the condition of each of those from its text again in every statement.
--
-- Most statements write one plain entry: each line in the functional currency, nothing reversed. A first look asks
-- only whether such an entry is right in everything; of a set it reads no more lines than the first entry announces,
-- plus one. Whatever it does not know to be right goes to the whole check, which says what is wrong: one look at what
-- was added, and others only where currencies mix or something is reversed.
--
-- Entries and postings are found by their keys, whatever the planner believes of the journal: a plan made while it was
-- empty, or measured when it was, would read all of it for each entry until the next ANALYZE.
--
-- A line of amount zero carries a difference of exchange: it stands on an account of money owned or owed, or on the
-- gain and loss, in a foreign currency, and at no rate.
CREATE FUNCTION ledger_check_postings() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_mergejoin = off AS $$
DECLARE
    seen record;
    wrong record;
BEGIN
    IF EXISTS (
        SELECT FROM public.ledger_entry entry
        JOIN public.access_legalentity entity ON entity.id = entry.legal_entity_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS n, sum(added.amount_minor) AS balance,
                sum(greatest(added.amount_minor, 0)) AS total,
                -- Lines are unique within an entry: n of them from 1 to n are all of them.
                bool_and((
                    added.entry_id = entry.id AND added.line BETWEEN 1 AND entry.n_postings
                    AND added.legal_entity_id = entry.legal_entity_id AND added.facility_id = entry.facility_id
                    AND added.effective_on = entry.effective_on
                    AND added.currency = entity.functional_currency AND added.amount_minor <> 0
                    AND added.functional_minor = added.amount_minor AND added.exchange_rate_id IS NULL
                    AND account.legal_entity_id = entry.legal_entity_id
                    AND account.active_from <= entry.effective_on
                    AND (account.active_until IS NULL OR account.active_until > entry.effective_on)
                    AND (account.currency IS NULL OR account.currency = entity.functional_currency)
                    AND (added.department_id IS NULL OR department.facility_id = entry.facility_id)
                ) IS TRUE) AS fits
            FROM (SELECT * FROM added LIMIT greatest(entry.n_postings, 0) + 1) added
            -- Fetched one by one, because a plan made for a set would read all accounts for each entry.
            LEFT JOIN LATERAL (SELECT * FROM public.ledger_account WHERE id = added.account_id OFFSET 0) account ON true
            LEFT JOIN LATERAL (SELECT * FROM public.access_department WHERE id = added.department_id OFFSET 0)
                department ON true
        ) lines
        WHERE entry.id = (SELECT entry_id FROM added LIMIT 1) AND entry.reverses_id IS NULL
            AND lines.fits AND lines.n = entry.n_postings AND lines.balance = 0
            AND lines.total = entry.total_functional_minor
    ) THEN
        RETURN NULL;
    END IF;

    -- A group is an entry, as its lines tell it: lines that tell different things leave it incomplete.
    SELECT min(problem) AS problem, bool_or(is_mixed) AS has_mixed, bool_or(is_reversal) AS has_reversals
    INTO seen
    FROM (
        SELECT sums.is_mixed, entry.reverses_id IS NOT NULL AS is_reversal, CASE
            WHEN entry.id IS NULL
                THEN format('ledger_entry_whole|entry %s does not have the lines it announces', sums.entry_id)
            WHEN sums.empty_line IS NOT NULL
                THEN format('ledger_posting_not_zero|line %s of entry %s is zero', sums.empty_line, entry.public_id)
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
                min(added.line) FILTER (WHERE added.amount_minor = 0 AND added.functional_minor = 0) AS empty_line,
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
CREATE TRIGGER ledger_posting_checked AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_postings();

-- The same for entries: a first look at one that is right in everything, then the whole check. Those who post into a
-- period and who changes its state wait for one another by an advisory lock (ledger_wait_for_posters), without a row
-- lock.
CREATE FUNCTION ledger_check_entries() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_mergejoin = off AS $$
DECLARE
    n_added bigint;
    problem text;
    first_bare bigint;
    last_bare bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7031, (period_id % 2147483647)::int)
    FROM (SELECT period_id FROM added ORDER BY period_id) periods;
    GET DIAGNOSTICS n_added = ROW_COUNT;
    -- An older snapshot would not see a close that came before the lock: the row's own version tells.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM FROM public.ledger_period WHERE id IN (SELECT period_id FROM added) ORDER BY id FOR SHARE;
    END IF;

    IF n_added = 1 AND EXISTS (
        SELECT FROM added
        JOIN public.access_facility facility
            ON facility.id = added.facility_id AND facility.legal_entity_id = added.legal_entity_id
        JOIN public.ledger_period period
            ON period.id = added.period_id AND period.legal_entity_id = added.legal_entity_id
            AND added.effective_on BETWEEN period.starts_on AND period.ends_on AND period.state = 'OPEN'
        WHERE (added.posted_by_id IS NULL OR EXISTS (SELECT FROM public.access_user WHERE id = added.posted_by_id))
            AND added.posted_at BETWEEN transaction_timestamp() AND clock_timestamp()
            AND (added.belongs_on IS NULL OR added.belongs_on < added.effective_on)
            AND added.key <> '' AND added.source_kind <> '' AND added.source_id <> ''
            AND (SELECT true FROM public.ledger_posting WHERE entry_id = added.id LIMIT 1)
    ) THEN
        RETURN NULL;
    END IF;

    -- The first in the alphabet is told: what does not fit goes before all else.
    SELECT min(CASE
        WHEN facility.legal_entity_id <> added.legal_entity_id OR facility.id IS NULL
            OR period.legal_entity_id <> added.legal_entity_id OR period.id IS NULL
            OR added.effective_on NOT BETWEEN period.starts_on AND period.ends_on
            OR added.posted_by_id IS NOT NULL AND poster.id IS NULL
            THEN format('ledger_entry_fits|entry %s names another legal entity''s facility or period, a day outside its period, or nobody',
                added.public_id)
        WHEN period.state <> 'OPEN' AND (period.state <> 'SOFT' OR added.source_kind <> 'adjustment')
            THEN format('ledger_entry_period_open|entry %s falls in a closed period', added.public_id)
        WHEN added.key = '' OR added.source_kind = '' OR added.source_id = ''
            THEN format('ledger_entry_has_source|entry %s has no key or no source', added.public_id)
        WHEN added.belongs_on >= added.effective_on
            THEN format('ledger_entry_late_is_later|entry %s belongs to a day that is not before its own', added.public_id)
        WHEN added.posted_at NOT BETWEEN transaction_timestamp() AND clock_timestamp()
            AND NOT EXISTS (SELECT FROM public.ledger_standingclock WHERE until > clock_timestamp())
            THEN format('ledger_entry_posted_now|entry %s was not posted at %s', added.public_id, added.posted_at)
        END) INTO problem
    FROM added
    LEFT JOIN public.access_facility facility ON facility.id = added.facility_id
    LEFT JOIN public.ledger_period period ON period.id = added.period_id
    LEFT JOIN public.access_user poster ON poster.id = added.posted_by_id;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION '%', split_part(problem, '|', 2)
            USING ERRCODE = 'check_violation', CONSTRAINT = split_part(problem, '|', 1);
    END IF;

    SELECT min(id), max(id) INTO first_bare, last_bare FROM added
    WHERE (SELECT true FROM public.ledger_posting WHERE entry_id = added.id LIMIT 1) IS NULL;
    IF first_bare IS NOT NULL THEN
        PERFORM public.ledger_announce(first_bare, last_bare);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_checked AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_entries();

-- LIKE 'prefix%' on keys and ids is nobody's question; equality has the unique index.
DROP INDEX ledger_entry_public_id_6af0919d_like;
DROP INDEX ledger_entry_key_b3fe1ea3_like;

-- Nearly every entry reverses nothing: its null needs no place in an index.
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_reverses_id_key;

CREATE UNIQUE INDEX ledger_entry_reverses_id_once ON ledger_entry (reverses_id) WHERE reverses_id IS NOT NULL;

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
CREATE CONSTRAINT TRIGGER ledger_entry_has_postings AFTER INSERT ON ledger_announced
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_announced();

REVOKE EXECUTE ON FUNCTION ledger_check_announced() FROM PUBLIC;

-- A clock may stand only where the owner of the database says so: in the demo hospital while its past is
-- told, and under tests.
CREATE TABLE ledger_standingclock (until timestamptz NOT NULL);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_standingclock FROM {app};
