-- The entry of every day: each line in the functional currency, on the account of its role. One row comes back
-- when it is written, none when anything speaks against it or its key is known: post_entry.sql then has the word.
WITH line AS (
    SELECT line.*, account.id AS account_id
    FROM unnest(%(roles)s::text[], %(amounts)s::bigint[], %(departments)s::bigint[], %(payer_classes)s::text[],
                %(payers)s::text[], %(tenders)s::text[], %(references)s::text[]) WITH ORDINALITY
        AS line (role, amount_minor, department_id, payer_class, payer, tender, reference, line)
    LEFT JOIN LATERAL (
        SELECT account.id, account.active_from <= %(effective_on)s::date
            AND (account.active_until > %(effective_on)s::date OR account.active_until IS NULL)
            AND (account.currency = %(currency)s::text OR account.currency IS NULL) AS is_active
        FROM ledger_accountrole role JOIN ledger_account account ON account.id = role.account_id
        WHERE role.legal_entity_id = %(legal_entity_id)s::bigint AND role.role = line.role
            AND (role.facility_id = %(facility_id)s::bigint OR role.facility_id IS NULL)
            AND role.valid_from <= %(effective_on)s::date
            AND (role.valid_until > %(effective_on)s::date OR role.valid_until IS NULL)
        ORDER BY role.facility_id NULLS LAST LIMIT 1
    ) account ON account.is_active
), entry AS (
    INSERT INTO ledger_entry (public_id, key, legal_entity_id, facility_id, period_id, effective_on, belongs_on,
        posted_at, posted_by_id, source_kind, source_id, memo, content_hash, n_postings, total_functional_minor)
    SELECT %(public_id)s::text, %(key)s::text, %(legal_entity_id)s::bigint, %(facility_id)s::bigint, period.id,
        %(effective_on)s::date, %(belongs_on)s::date, coalesce(%(posted_at)s::timestamptz, clock_timestamp()),
        %(posted_by_id)s::bigint, %(source_kind)s::text, %(source_id)s::text, %(memo)s::text,
        %(content_hash)s::bytea, %(n_postings)s::int, %(total)s::bigint
    FROM (
        SELECT id, state, ends_on FROM ledger_period
        WHERE legal_entity_id = %(legal_entity_id)s::bigint AND starts_on <= %(effective_on)s::date
        ORDER BY starts_on DESC LIMIT 1
    ) period
    WHERE period.ends_on >= %(effective_on)s::date
        AND (period.state = 'OPEN' OR period.state = 'SOFT' AND %(source_kind)s::text = 'adjustment')
        AND NOT EXISTS (SELECT FROM line WHERE account_id IS NULL)
    ON CONFLICT (key) DO NOTHING
    RETURNING id, period_id, posted_at
), posting AS (
    INSERT INTO ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role,
        amount_minor, currency, functional_minor, department_id, payer_class, payer, tender, reference)
    SELECT entry.id, line, %(legal_entity_id)s::bigint, %(facility_id)s::bigint, %(effective_on)s::date, account_id,
        role, amount_minor, %(currency)s::text, amount_minor, department_id, payer_class, payer, tender, reference
    FROM entry, line
)
SELECT id, period_id, posted_at FROM entry
