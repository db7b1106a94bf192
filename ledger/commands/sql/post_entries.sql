-- Write many entries with their postings, all or none; one row for each comes back, by its number, and says
-- why when one cannot be written. What post_entry.sql does for one; the same triggers check the result.
WITH asked AS (
    SELECT wanted.*, facility.legal_entity_id, entity.functional_currency, entity.name AS entity_name,
        period.id AS period_id, period.state AS period_state
    FROM unnest(%(public_ids)s::text[], %(keys)s::text[], %(facility_ids)s::bigint[], %(effective_ons)s::date[],
                %(belongs_ons)s::date[], %(source_kinds)s::text[], %(source_ids)s::text[], %(memos)s::text[],
                %(content_hashes)s::text[], %(n_postings)s::int[]) WITH ORDINALITY
        AS wanted (public_id, key, facility_id, effective_on, belongs_on, source_kind, source_id, memo,
                   content_hash, n_postings, number)
    JOIN access_facility facility ON facility.id = wanted.facility_id
    JOIN access_legalentity entity ON entity.id = facility.legal_entity_id
    LEFT JOIN LATERAL (
        SELECT latest.id, latest.state FROM (
            SELECT id, state, ends_on FROM ledger_period
            WHERE legal_entity_id = facility.legal_entity_id AND starts_on <= wanted.effective_on
            ORDER BY starts_on DESC LIMIT 1
        ) latest WHERE latest.ends_on >= wanted.effective_on
    ) period ON true
), known AS (
    SELECT entry.* FROM asked JOIN ledger_entry entry ON entry.key = asked.key
), line AS (
    SELECT line.*, account.id AS account_id, account.number AS account_number, rate.id AS rate_id,
        account.active_from <= asked.effective_on
            AND coalesce(account.active_until > asked.effective_on, true)
            AND coalesce(account.currency = line.currency, true) AS is_active,
        CASE WHEN line.difference_minor IS NOT NULL THEN line.difference_minor
             WHEN line.currency = asked.functional_currency THEN line.amount_minor
             ELSE line.amount_minor * rate.minor_rate END AS exact
    FROM unnest(%(numbers)s::bigint[], %(lines)s::smallint[], %(roles)s::text[], %(amounts)s::bigint[],
                %(currencies)s::text[], %(departments)s::bigint[], %(payer_classes)s::text[], %(payers)s::text[],
                %(tenders)s::text[], %(references)s::text[], %(accounts)s::bigint[], %(differences)s::bigint[])
        AS line (number, line, role, amount_minor, currency, department_id, payer_class, payer, tender,
                 reference, named_account_id, difference_minor)
    JOIN asked ON asked.number = line.number
    LEFT JOIN LATERAL (
        SELECT role.account_id FROM ledger_accountrole role
        WHERE role.legal_entity_id = asked.legal_entity_id AND role.role = line.role
            AND (role.facility_id = asked.facility_id OR role.facility_id IS NULL)
            AND role.valid_from <= asked.effective_on
            AND (role.valid_until > asked.effective_on OR role.valid_until IS NULL)
        ORDER BY role.facility_id NULLS LAST LIMIT 1
    ) role ON true
    LEFT JOIN ledger_account account ON account.id = coalesce(line.named_account_id, role.account_id)
    LEFT JOIN LATERAL (
        SELECT rate.id, rate.minor_rate FROM ledger_exchangerate rate
        WHERE rate.base = line.currency AND rate.quote = asked.functional_currency
            AND rate."on" <= asked.effective_on
        ORDER BY rate."on" DESC, rate.id DESC LIMIT 1
    ) rate ON line.currency <> asked.functional_currency AND line.difference_minor IS NULL
), converted AS (
    SELECT line.*, floor(exact) + (
            row_number() OVER (PARTITION BY number, currency ORDER BY exact - floor(exact) DESC, line)
            <= sum(exact - floor(exact)) OVER (PARTITION BY number, currency)
        )::int AS functional_minor
    FROM line
), verdict AS (
    SELECT number, array_agg(DISTINCT role) FILTER (WHERE account_id IS NULL) AS roles_unassigned,
        array_agg(DISTINCT account_number) FILTER (WHERE NOT is_active) AS accounts_inactive,
        array_agg(DISTINCT currency) FILTER (WHERE exact IS NULL AND account_id IS NOT NULL) AS rates_missing,
        coalesce(sum(functional_minor) FILTER (WHERE functional_minor > 0), 0) AS total
    FROM converted GROUP BY number
), judged AS (
    SELECT asked.*, verdict.roles_unassigned, verdict.accounts_inactive, verdict.rates_missing, verdict.total,
        known.id IS NOT NULL AS is_known,
        CASE WHEN known.id IS NOT NULL THEN known.content_hash = decode(asked.content_hash, 'hex')
             ELSE (asked.period_state = 'OPEN' OR asked.period_state = 'SOFT' AND asked.source_kind = 'adjustment')
                AND verdict.roles_unassigned IS NULL AND verdict.accounts_inactive IS NULL
                AND verdict.rates_missing IS NULL END AS is_fine
    FROM asked JOIN verdict USING (number) LEFT JOIN known USING (key)
), entry AS (
    INSERT INTO ledger_entry (public_id, key, legal_entity_id, facility_id, period_id, effective_on, belongs_on,
        posted_at, posted_by_id, source_kind, source_id, memo, content_hash, n_postings, total_functional_minor)
    SELECT public_id, key, legal_entity_id, facility_id, period_id, effective_on, belongs_on,
        coalesce(%(posted_at)s::timestamptz, clock_timestamp()), %(posted_by_id)s::bigint, source_kind, source_id,
        memo, decode(content_hash, 'hex'), n_postings, total
    FROM judged
    WHERE NOT is_known
        AND (SELECT count(*) FILTER (WHERE is_fine) FROM judged) = cardinality(%(keys)s::text[])
    ORDER BY number
    ON CONFLICT (key) DO NOTHING
    RETURNING *
), posting AS (
    INSERT INTO ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role,
        amount_minor, currency, functional_minor, exchange_rate_id, department_id, payer_class, payer, tender,
        reference)
    SELECT entry.id, line, entry.legal_entity_id, entry.facility_id, entry.effective_on, account_id, role,
        amount_minor, currency, functional_minor, rate_id, department_id, payer_class, payer, tender, reference
    FROM entry JOIN asked USING (key) JOIN converted USING (number)
)
SELECT coalesce(entry.id, known.id), coalesce(entry.public_id, known.public_id), judged.legal_entity_id,
    coalesce(known.period_id, judged.period_id), coalesce(entry.posted_at, known.posted_at),
    coalesce(entry.posted_by_id, known.posted_by_id),
    coalesce(entry.total_functional_minor, known.total_functional_minor),
    known.content_hash, judged.period_state, judged.roles_unassigned, judged.accounts_inactive,
    judged.rates_missing, judged.entity_name, coalesce(entry.n_postings, known.n_postings),
    judged.functional_currency, judged.number
FROM judged LEFT JOIN known USING (key) LEFT JOIN entry USING (key)
ORDER BY judged.number
