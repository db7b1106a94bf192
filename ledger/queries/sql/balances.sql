-- Sums of a legal entity's postings: the latest snapshots of closed periods, and what lies elsewhere.
-- What stands in braces comes from balance.py, never from outside.
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
), kept AS (
    SELECT {kept_columns} sum(line.amount_minor) AS amount, sum(line.debit_minor) AS debit,
        sum(line.credit_minor) AS credit, sum(line.n_postings) AS n
    FROM latest JOIN ledger_snapshotline line ON line.snapshot_id = latest.id
    WHERE (%(known_at)s::timestamptz IS NULL OR latest.last_posted_at <= %(known_at)s) {kept_filters}
    {groups}
), posted AS (
    -- Account by account along the index that holds days and amounts: no row of an account is sorted, and
    -- none is carried to the sum that the question does not name.
    SELECT {posted_columns} sums.amount, sums.debit, sums.credit, sums.n
    FROM elsewhere
    CROSS JOIN ledger_account account
    CROSS JOIN LATERAL (
        SELECT {summed_columns} sum(posting.amount_minor) AS amount,
            sum(posting.functional_minor) FILTER (WHERE posting.functional_minor > 0) AS debit,
            -sum(posting.functional_minor) FILTER (WHERE posting.functional_minor < 0) AS credit, count(*) AS n
        FROM ledger_posting posting
        WHERE posting.account_id = account.id
            AND posting.effective_on BETWEEN elsewhere.since AND elsewhere.until {posted_filters}
        {summed_groups}
    ) sums
    WHERE account.legal_entity_id = %(legal_entity)s AND sums.n > 0
)
SELECT {columns} sum(amount), coalesce(sum(debit), 0), coalesce(sum(credit), 0), sum(n)
FROM (SELECT * FROM kept UNION ALL SELECT * FROM posted) part
{groups} {order}
