DROP INDEX ledger_entry_reverses_id_once;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_reverses_id_key UNIQUE (reverses_id);
CREATE INDEX ledger_entry_key_b3fe1ea3_like ON ledger_entry (key varchar_pattern_ops);
CREATE INDEX ledger_entry_public_id_6af0919d_like ON ledger_entry (public_id varchar_pattern_ops);

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

CREATE OR REPLACE FUNCTION ledger_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
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

DROP TRIGGER ledger_period_a_waits ON ledger_period;
DROP FUNCTION ledger_wait_for_posters();
DROP TRIGGER ledger_legalentity_kept ON access_legalentity;
DROP TRIGGER ledger_facility_kept ON access_facility;
DROP TRIGGER ledger_account_number_kept ON ledger_account;
DROP FUNCTION ledger_check_place_kept();
GRANT DELETE ON access_facility, access_legalentity TO {app};
DROP TRIGGER access_legalentity_stays_truncate ON access_legalentity;
DROP TRIGGER access_legalentity_stays ON access_legalentity;
DROP TRIGGER access_facility_stays_truncate ON access_facility;
DROP TRIGGER access_facility_stays ON access_facility;
DROP TRIGGER ledger_period_stays_truncate ON ledger_period;
DROP TRIGGER ledger_period_stays ON ledger_period;
DROP TRIGGER ledger_account_stays_truncate ON ledger_account;
DROP TRIGGER ledger_account_stays ON ledger_account;
