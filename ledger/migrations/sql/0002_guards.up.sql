-- The rules of the book that a constraint cannot say. Tables are named with their schema, so that a
-- temporary table of the same name cannot stand in for them.

-- ---- entries and postings

CREATE FUNCTION ledger_check_postings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    -- Waits for a close in progress and makes a later close wait for this transaction, also one that is
    -- a plain UPDATE; reads the period as it is after the wait, whatever the statement saw when it began.
    PERFORM FROM public.ledger_period WHERE id IN (
        SELECT entry.period_id FROM added JOIN public.ledger_entry entry ON entry.id = added.entry_id
    ) ORDER BY id FOR SHARE;

    SELECT entry.public_id, entry.effective_on,
        sums.is_unbalanced, sums.functional,
        sums.n <> entry.n_postings OR sums.first <> 1 OR sums.last <> entry.n_postings AS is_partial,
        sums.total <> entry.total_functional_minor AS is_other_total,
        period.state <> 'OPEN' AND NOT (period.state = 'SOFT' AND entry.source_kind = 'adjustment') AS is_closed
    INTO wrong
    FROM (
        SELECT entry_id, bool_or(amount <> 0) AS is_unbalanced, sum(functional) AS functional,
            sum(n) AS n, min(first) AS first, max(last) AS last, sum(total) AS total
        FROM (
            SELECT entry_id, currency, sum(amount_minor) AS amount, sum(functional_minor) AS functional,
                count(*) AS n, min(line) AS first, max(line) AS last,
                coalesce(sum(functional_minor) FILTER (WHERE functional_minor > 0), 0) AS total
            FROM added GROUP BY entry_id, currency
        ) by_currency GROUP BY entry_id
    ) sums
    JOIN public.ledger_entry entry ON entry.id = sums.entry_id
    JOIN public.ledger_period period ON period.id = entry.period_id
    WHERE sums.is_unbalanced OR sums.functional <> 0
        OR sums.n <> entry.n_postings OR sums.first <> 1 OR sums.last <> entry.n_postings
        OR sums.total <> entry.total_functional_minor OR period.state <> 'OPEN'
            AND NOT (period.state = 'SOFT' AND entry.source_kind = 'adjustment')
    LIMIT 1;
    IF FOUND THEN
        IF wrong.is_partial THEN
            RAISE EXCEPTION 'entry % does not have the lines it announces', wrong.public_id
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

    SELECT added.line, entry.public_id INTO wrong
    FROM added
    JOIN public.ledger_entry entry ON entry.id = added.entry_id
    JOIN public.ledger_account account ON account.id = added.account_id
    JOIN public.access_legalentity entity ON entity.id = entry.legal_entity_id
    LEFT JOIN public.ledger_exchangerate rate ON rate.id = added.exchange_rate_id
    LEFT JOIN public.access_department department ON department.id = added.department_id
    WHERE added.legal_entity_id <> entry.legal_entity_id OR added.facility_id <> entry.facility_id
        OR added.effective_on <> entry.effective_on
        OR account.legal_entity_id <> entry.legal_entity_id
        OR account.active_from > entry.effective_on OR account.active_until <= entry.effective_on
        OR account.currency <> added.currency
        OR department.facility_id <> entry.facility_id
        OR CASE WHEN added.currency = entity.functional_currency
                THEN added.functional_minor <> added.amount_minor OR rate.id IS NOT NULL
                ELSE rate.id IS NULL OR rate.base <> added.currency OR rate.quote <> entity.functional_currency
                    OR abs(added.functional_minor - added.amount_minor * rate.minor_rate) >= 1 END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line % of entry % does not fit its entry, account, department or rate',
            wrong.line, wrong.public_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_fits';
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

CREATE TRIGGER ledger_posting_checked AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_postings();

CREATE FUNCTION ledger_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT added.public_id INTO wrong
    FROM added
    JOIN public.access_facility facility ON facility.id = added.facility_id
    JOIN public.ledger_period period ON period.id = added.period_id
    WHERE facility.legal_entity_id <> added.legal_entity_id
        OR period.legal_entity_id <> added.legal_entity_id
        OR added.effective_on NOT BETWEEN period.starts_on AND period.ends_on
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % names another legal entity''s facility or period, or a day outside its period',
            wrong.public_id USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_fits';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_checked AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_entries();

-- With unique lines and the whole-entry check above, an entry that has its postings when it commits
-- can never get another one.
CREATE FUNCTION ledger_check_entry_has_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_posting WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % has no postings', NEW.public_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_entry_has_postings AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_entry_has_postings();

-- ---- accounts: what a posting relies on does not change under it

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

-- ---- periods

ALTER TABLE ledger_period ADD CONSTRAINT ledger_period_is_month CHECK (
    starts_on = date_trunc('month', starts_on::timestamp)::date
    AND ends_on = (date_trunc('month', starts_on::timestamp) + interval '1 month - 1 day')::date
);

CREATE FUNCTION ledger_check_period_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.legal_entity_id, NEW.starts_on, NEW.ends_on)
        IS DISTINCT FROM (OLD.id, OLD.legal_entity_id, OLD.starts_on, OLD.ends_on) THEN
        RAISE EXCEPTION 'a period keeps its month and entity'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_month_kept';
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

CREATE FUNCTION ledger_check_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a reopening is requested first and approved afterwards'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periodreopening_asked_first';
        END IF;
        NEW.approved_in := NULL;
        RETURN NEW;
    END IF;
    IF OLD.approved_by_id IS NOT NULL OR NEW.approved_by_id IS NULL
        OR (NEW.id, NEW.period_id, NEW.reason, NEW.requested_by_id, NEW.requested_at)
        IS DISTINCT FROM (OLD.id, OLD.period_id, OLD.reason, OLD.requested_by_id, OLD.requested_at) THEN
        RAISE EXCEPTION 'a reopening changes once, when it is approved'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periodreopening_approved_once';
    END IF;
    NEW.approved_in := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_periodreopening_change BEFORE INSERT OR UPDATE ON ledger_periodreopening
    FOR EACH ROW EXECUTE FUNCTION ledger_check_reopening();

REVOKE DELETE, TRUNCATE ON ledger_account, ledger_accountrole, ledger_period, ledger_periodreopening FROM {app};

-- ---- GL batches

CREATE FUNCTION ledger_check_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_right boolean;
BEGIN
    SELECT count(*) = NEW.n_lines
        AND coalesce(sum(functional_debit_minor), 0) = NEW.debit_minor
        AND coalesce(sum(functional_credit_minor), 0) = NEW.credit_minor
        AND NOT EXISTS (SELECT FROM public.ledger_glbatchline WHERE batch_id = NEW.id
                        GROUP BY currency HAVING sum(debit_minor) <> sum(credit_minor))
        AND (SELECT count(*) FROM public.ledger_glbatchentry WHERE batch_id = NEW.id) = NEW.n_entries
        AND NOT EXISTS (
            SELECT account_id, currency, sum(amount) FROM (
                SELECT account_id, currency, debit_minor - credit_minor AS amount
                FROM public.ledger_glbatchline WHERE batch_id = NEW.id
                UNION ALL
                SELECT posting.account_id, posting.currency, -posting.amount_minor
                FROM public.ledger_posting posting
                JOIN public.ledger_glbatchentry member ON member.entry_id = posting.entry_id
                WHERE member.batch_id = NEW.id
            ) both_sides GROUP BY account_id, currency HAVING sum(amount) <> 0)
        AND NOT EXISTS (
            SELECT FROM public.ledger_glbatchentry member
            JOIN public.ledger_entry entry ON entry.id = member.entry_id
            WHERE member.batch_id = NEW.id
                AND (entry.facility_id <> NEW.facility_id OR entry.effective_on > NEW.business_on))
    INTO is_right FROM public.ledger_glbatchline WHERE batch_id = NEW.id;
    IF NOT is_right THEN
        RAISE EXCEPTION 'batch % does not hold what its control totals say', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatch_adds_up';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_glbatch_adds_up AFTER INSERT ON ledger_glbatch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_batch();

-- A batch takes members, lines and files only in the transaction that makes it.
ALTER TABLE ledger_glbatch ADD COLUMN built_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION ledger_stamp_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.built_in := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_glbatch_stamped BEFORE INSERT ON ledger_glbatch
    FOR EACH ROW EXECUTE FUNCTION ledger_stamp_batch();

CREATE FUNCTION ledger_check_batch_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN public.ledger_glbatch batch ON batch.id = added.batch_id
               WHERE batch.built_in <> pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a batch is frozen once it is built'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatch_frozen';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_glbatchentry_new AFTER INSERT ON ledger_glbatchentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_batch_is_new();
CREATE TRIGGER ledger_glbatchline_new AFTER INSERT ON ledger_glbatchline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_batch_is_new();
CREATE TRIGGER ledger_glbatchfile_new AFTER INSERT ON ledger_glbatchfile
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_batch_is_new();
