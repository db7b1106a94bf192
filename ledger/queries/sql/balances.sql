-- Sums of a legal entity's postings: the latest snapshots of closed periods, and what lies elsewhere.
-- {columns} {groups} {snapshot_filters} {posting_filters} come from balances.py, never from outside.
WITH asked AS (
    SELECT id, starts_on, ends_on, state FROM ledger_period
    WHERE legal_entity_id = %(legal_entity)s AND starts_on <= %(as_of)s AND ends_on >= %(since)s
), latest AS MATERIALIZED (
    -- A snapshot serves when all of its period was asked for, and all of it was known then.
    SELECT asked.id AS period_id, snapshot.id, snapshot.first_posted_at, snapshot.last_posted_at
    FROM asked CROSS JOIN LATERAL (
        SELECT id, first_posted_at, last_posted_at FROM ledger_snapshot
        WHERE period_id = asked.id ORDER BY version DESC LIMIT 1
    ) snapshot
    WHERE asked.state = 'HARD' AND asked.ends_on <= %(as_of)s AND asked.starts_on >= %(since)s
        AND (%(known_at)s::timestamptz IS NULL OR snapshot.first_posted_at IS NULL
            OR snapshot.last_posted_at <= %(known_at)s OR snapshot.first_posted_at > %(known_at)s)
        AND %(may_use_snapshots)s
), elsewhere AS MATERIALIZED (
    SELECT greatest(starts_on, %(since)s::date) AS since, least(ends_on, %(as_of)s::date) AS until
    FROM asked WHERE id NOT IN (SELECT period_id FROM latest)
), part AS (
    SELECT line.account_id, line.facility_id, line.department_id, line.role, line.payer_class, line.tender,
        line.currency, '' AS payer, '' AS reference, line.amount_minor, line.debit_minor, line.credit_minor,
        line.n_postings
    FROM latest JOIN ledger_snapshotline line ON line.snapshot_id = latest.id
    WHERE (%(known_at)s::timestamptz IS NULL OR latest.last_posted_at <= %(known_at)s) {snapshot_filters}
    UNION ALL
    SELECT posting.account_id, posting.facility_id, posting.department_id, posting.role, posting.payer_class,
        posting.tender, posting.currency, posting.payer, posting.reference, posting.amount_minor,
        greatest(posting.functional_minor, 0), greatest(-posting.functional_minor, 0), 1
    FROM elsewhere
    CROSS JOIN ledger_account account
    JOIN ledger_posting posting ON posting.account_id = account.id
        AND posting.effective_on BETWEEN elsewhere.since AND elsewhere.until
    WHERE account.legal_entity_id = %(legal_entity)s {posting_filters}
)
SELECT {columns} sum(amount_minor), sum(debit_minor), sum(credit_minor), sum(n_postings)
FROM part {groups}
