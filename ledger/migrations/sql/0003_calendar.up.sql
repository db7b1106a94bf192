-- Periods follow the entity's own calendar; they never overlap, whoever opens them.
ALTER TABLE ledger_period DROP CONSTRAINT ledger_period_is_month;
ALTER TABLE ledger_period ADD CONSTRAINT ledger_period_no_overlap EXCLUDE USING gist (
    int8range(legal_entity_id, legal_entity_id, '[]') WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
);

CREATE OR REPLACE FUNCTION ledger_check_period_change() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- A line of amount zero carries a difference of exchange: it stands on an account of money owned or owed,
-- or on the gain and loss, in a foreign currency, and at no rate. The rest is as in 0002.
CREATE OR REPLACE FUNCTION ledger_check_postings() RETURNS trigger LANGUAGE plpgsql AS $$
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
                WHEN added.amount_minor = 0
                THEN rate.id IS NOT NULL OR added.role NOT LIKE 'fx.%'
                    AND account.natural_class NOT IN ('ASSET', 'LIABILITY')
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
