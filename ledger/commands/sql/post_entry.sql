-- Write one entry with its postings, or say why not; one row comes back either way.
-- The triggers of ledger_posting check the result again, whoever wrote it.
WITH asked AS (
    SELECT facility.id AS facility_id, facility.legal_entity_id, entity.functional_currency,
        entity.name AS entity_name
    FROM access_facility facility JOIN access_legalentity entity ON entity.id = facility.legal_entity_id
    WHERE facility.id = %(facility_id)s::bigint
), known AS (
    SELECT * FROM ledger_entry WHERE key = %(key)s::text
), period AS (
    -- Periods of an entity never overlap: the latest that starts by the day is the only one it can lie in.
    SELECT latest.id, latest.state FROM asked CROSS JOIN LATERAL (
        SELECT id, state, ends_on FROM ledger_period
        WHERE legal_entity_id = asked.legal_entity_id AND starts_on <= %(effective_on)s::date
        ORDER BY starts_on DESC LIMIT 1
    ) latest WHERE latest.ends_on >= %(effective_on)s::date
), line AS (
    SELECT line.*, account.id AS account_id, account.number AS account_number, rate.id AS rate_id,
        account.active_from <= %(effective_on)s::date
            AND coalesce(account.active_until > %(effective_on)s::date, true)
            AND coalesce(account.currency = line.currency, true) AS is_active,
        CASE WHEN line.difference_minor IS NOT NULL THEN line.difference_minor
             WHEN line.currency = asked.functional_currency THEN line.amount_minor
             ELSE line.amount_minor * rate.minor_rate END AS exact
    FROM unnest(%(roles)s::text[], %(amounts)s::bigint[], %(currencies)s::text[],
                %(departments)s::bigint[], %(payer_classes)s::text[], %(payers)s::text[],
                %(tenders)s::text[], %(references)s::text[], %(accounts)s::bigint[],
                %(differences)s::bigint[]) WITH ORDINALITY
        AS line (role, amount_minor, currency, department_id, payer_class, payer, tender, reference,
                 named_account_id, difference_minor, line)
    CROSS JOIN asked
    LEFT JOIN LATERAL (
        SELECT role.account_id FROM ledger_accountrole role
        WHERE role.legal_entity_id = asked.legal_entity_id AND role.role = line.role
            AND (role.facility_id = asked.facility_id OR role.facility_id IS NULL)
            AND role.valid_from <= %(effective_on)s::date
            AND (role.valid_until > %(effective_on)s::date OR role.valid_until IS NULL)
        ORDER BY role.facility_id NULLS LAST LIMIT 1
    ) role ON true
    LEFT JOIN ledger_account account ON account.id = coalesce(line.named_account_id, role.account_id)
    LEFT JOIN LATERAL (
        SELECT rate.id, rate.minor_rate FROM ledger_exchangerate rate
        WHERE rate.base = line.currency AND rate.quote = asked.functional_currency
            AND rate."on" <= %(effective_on)s::date
        ORDER BY rate."on" DESC, rate.id DESC LIMIT 1
    ) rate ON line.currency <> asked.functional_currency AND line.difference_minor IS NULL
), converted AS (
    -- Parts of the functional currency sum to zero: each is rounded down, and the units then missing
    -- go to the largest remainders, ties to the earlier line.
    SELECT line.*, floor(exact) + (
            row_number() OVER (PARTITION BY currency ORDER BY exact - floor(exact) DESC, line)
            <= sum(exact - floor(exact)) OVER (PARTITION BY currency)
        )::int AS functional_minor
    FROM line
), verdict AS (
    SELECT array_agg(DISTINCT role) FILTER (WHERE account_id IS NULL) AS roles_unassigned,
        array_agg(DISTINCT account_number) FILTER (WHERE NOT is_active) AS accounts_inactive,
        array_agg(DISTINCT currency) FILTER (WHERE exact IS NULL AND account_id IS NOT NULL) AS rates_missing,
        sum(functional_minor) FILTER (WHERE functional_minor > 0) AS total
    FROM converted
), entry AS (
    INSERT INTO ledger_entry (public_id, key, legal_entity_id, facility_id, period_id, effective_on, belongs_on,
        posted_at, posted_by_id, source_kind, source_id, memo, content_hash, n_postings, total_functional_minor)
    SELECT %(public_id)s::text, %(key)s::text, asked.legal_entity_id, asked.facility_id, period.id, %(effective_on)s::date,
        %(belongs_on)s::date, coalesce(%(posted_at)s::timestamptz, clock_timestamp()), %(posted_by_id)s::bigint, %(source_kind)s::text, %(source_id)s::text, %(memo)s::text, %(content_hash)s::bytea,
        %(n_postings)s::int, coalesce(verdict.total, 0)
    FROM asked, period, verdict
    WHERE NOT EXISTS (SELECT FROM known)
        AND (period.state = 'OPEN' OR period.state = 'SOFT' AND %(source_kind)s::text = 'adjustment')
        AND verdict.roles_unassigned IS NULL AND verdict.accounts_inactive IS NULL
        AND verdict.rates_missing IS NULL
    ON CONFLICT (key) DO NOTHING
    RETURNING *
), posting AS (
    INSERT INTO ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role,
        amount_minor, currency, functional_minor, exchange_rate_id, department_id, payer_class, payer, tender,
        reference)
    SELECT entry.id, line, entry.legal_entity_id, entry.facility_id, entry.effective_on, account_id, role,
        amount_minor, currency, functional_minor, rate_id, department_id, payer_class, payer, tender, reference
    FROM entry, converted
)
SELECT coalesce(entry.id, known.id), coalesce(entry.public_id, known.public_id), asked.legal_entity_id,
    period.id, coalesce(entry.posted_at, known.posted_at), coalesce(entry.posted_by_id, known.posted_by_id),
    coalesce(entry.total_functional_minor, known.total_functional_minor),
    known.content_hash, period.state, verdict.roles_unassigned, verdict.accounts_inactive,
    verdict.rates_missing, asked.entity_name, coalesce(entry.n_postings, known.n_postings),
    asked.functional_currency
FROM asked CROSS JOIN verdict
LEFT JOIN period ON true LEFT JOIN known ON true LEFT JOIN entry ON true
