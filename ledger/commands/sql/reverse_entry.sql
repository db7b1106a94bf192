-- Write the exact mirror of an entry, or say why not; one row comes back either way, none when
-- there is no such entry.
WITH original AS (
    SELECT * FROM ledger_entry WHERE key = %(original_key)s::text
), known AS (
    SELECT * FROM ledger_entry WHERE key = %(key)s::text
), reversal AS (
    SELECT reversal.* FROM ledger_entry reversal JOIN original ON reversal.reverses_id = original.id
), period AS (
    SELECT latest.id, latest.state FROM original CROSS JOIN LATERAL (
        SELECT id, state, ends_on FROM ledger_period
        WHERE legal_entity_id = original.legal_entity_id AND starts_on <= %(effective_on)s::date
        ORDER BY starts_on DESC LIMIT 1
    ) latest WHERE latest.ends_on >= %(effective_on)s::date
), verdict AS (
    SELECT array_agg(DISTINCT account.number) AS accounts_inactive
    FROM original JOIN ledger_posting posting ON posting.entry_id = original.id
    JOIN ledger_account account ON account.id = posting.account_id
    WHERE account.active_from > %(effective_on)s::date OR account.active_until <= %(effective_on)s::date
), entry AS (
    INSERT INTO ledger_entry (public_id, key, legal_entity_id, facility_id, period_id, effective_on, belongs_on,
        posted_at, posted_by_id, source_kind, source_id, memo, content_hash, reverses_id, n_postings,
        total_functional_minor)
    SELECT %(public_id)s::text, %(key)s::text, original.legal_entity_id, original.facility_id, period.id, %(effective_on)s::date,
        %(belongs_on)s::date, coalesce(%(posted_at)s::timestamptz, clock_timestamp()), %(posted_by_id)s::bigint, %(source_kind)s::text, %(source_id)s::text, %(memo)s::text, %(content_hash)s::bytea,
        original.id, original.n_postings,
        (SELECT coalesce(-sum(functional_minor), 0) FROM ledger_posting
         WHERE entry_id = original.id AND functional_minor < 0)
    FROM original, period, verdict
    WHERE NOT EXISTS (SELECT FROM known) AND NOT EXISTS (SELECT FROM reversal)
        AND (period.state = 'OPEN' OR period.state = 'SOFT' AND %(source_kind)s::text = 'adjustment')
        AND verdict.accounts_inactive IS NULL
    ON CONFLICT (key) DO NOTHING
    RETURNING *
), posting AS (
    INSERT INTO ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role,
        amount_minor, currency, functional_minor, exchange_rate_id, department_id, payer_class, payer, tender,
        reference)
    SELECT entry.id, posting.line, entry.legal_entity_id, entry.facility_id, entry.effective_on,
        posting.account_id, posting.role, -posting.amount_minor, posting.currency, -posting.functional_minor,
        posting.exchange_rate_id, posting.department_id, posting.payer_class, posting.payer, posting.tender,
        posting.reference
    FROM entry JOIN ledger_posting posting ON posting.entry_id = entry.reverses_id
)
SELECT coalesce(entry.id, known.id), coalesce(entry.public_id, known.public_id), original.legal_entity_id,
    period.id, coalesce(entry.posted_at, known.posted_at), coalesce(entry.posted_by_id, known.posted_by_id),
    coalesce(entry.total_functional_minor, known.total_functional_minor),
    known.content_hash, period.state, verdict.accounts_inactive, entity.name,
    original.id, original.public_id, original.facility_id, original.n_postings, reversal.public_id
FROM original CROSS JOIN verdict JOIN access_legalentity entity ON entity.id = original.legal_entity_id
LEFT JOIN period ON true LEFT JOIN known ON true LEFT JOIN reversal ON true LEFT JOIN entry ON true
