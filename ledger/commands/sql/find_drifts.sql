-- What the book says and what its postings add up to, wherever the two differ. One statement, so that a
-- posting made meanwhile is in both or in neither.
WITH latest AS (
    SELECT DISTINCT ON (snapshot.period_id) snapshot.id, period.starts_on, period.ends_on,
        period.fiscal_year || '-' || lpad(period.number::text, 2, '0') AS code
    FROM ledger_snapshot snapshot JOIN ledger_period period ON period.id = snapshot.period_id
    WHERE period.legal_entity_id = %(legal_entity)s AND period.state = 'HARD'
    ORDER BY snapshot.period_id, snapshot.version DESC
), kept AS (
    SELECT line.snapshot_id, account_id, facility_id, department_id, role, payer_class, payer, tender, currency,
        sum(amount_minor) AS amount, sum(debit_minor) AS debit, sum(credit_minor) AS credit
    FROM latest JOIN ledger_snapshotline line ON line.snapshot_id = latest.id
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
), posted AS (
    SELECT latest.id AS snapshot_id, account_id, facility_id, department_id, role, payer_class,
        CASE WHEN starts_with(role, 'receivable.') THEN payer ELSE '' END AS payer, tender, currency,
        sum(amount_minor) AS amount, sum(greatest(functional_minor, 0)) AS debit,
        sum(greatest(-functional_minor, 0)) AS credit
    FROM latest JOIN ledger_posting posting ON posting.legal_entity_id = %(legal_entity)s
        AND posting.effective_on BETWEEN latest.starts_on AND latest.ends_on
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
), compared AS (
    -- One side counts up, the other down: what is left is the difference of each group.
    SELECT snapshot_id, account_id, currency, measure, sum(kept) AS kept, sum(posted) AS posted
    FROM (
        SELECT *, 'amount' AS measure, amount AS kept, 0 AS posted FROM kept
        UNION ALL SELECT *, 'debit', debit, 0 FROM kept
        UNION ALL SELECT *, 'credit', credit, 0 FROM kept
        UNION ALL SELECT *, 'amount', 0, amount FROM posted
        UNION ALL SELECT *, 'debit', 0, debit FROM posted
        UNION ALL SELECT *, 'credit', 0, credit FROM posted
    ) both_sides
    GROUP BY snapshot_id, account_id, facility_id, department_id, role, payer_class, payer, tender, currency, measure
    HAVING sum(kept) <> sum(posted)
), entries AS (
    SELECT entry.public_id, entry.n_postings, entry.total_functional_minor, sums.*
    FROM ledger_entry entry
    LEFT JOIN (
        SELECT entry_id, currency, sum(amount_minor) AS amount, sum(functional_minor) AS functional,
            sum(greatest(functional_minor, 0)) AS total, count(*) AS n
        FROM ledger_posting WHERE legal_entity_id = %(legal_entity)s GROUP BY entry_id, currency
    ) sums ON sums.entry_id = entry.id
    WHERE entry.legal_entity_id = %(legal_entity)s
), whole AS (
    SELECT public_id, n_postings, total_functional_minor, sum(functional) AS functional, sum(total) AS total,
        coalesce(sum(n), 0) AS n
    FROM entries GROUP BY public_id, n_postings, total_functional_minor
)
SELECT 'snapshot of a period: ' || measure, latest.code || ', account ' || account.number, compared.currency, kept, posted
FROM compared JOIN latest ON latest.id = compared.snapshot_id
JOIN ledger_account account ON account.id = compared.account_id
UNION ALL
SELECT 'entry not balanced', public_id, currency, amount, 0 FROM entries WHERE amount <> 0
UNION ALL
SELECT 'entry not balanced in functional currency', public_id, %(functional)s, functional, 0
FROM whole WHERE functional <> 0
UNION ALL
SELECT 'total of an entry', public_id, %(functional)s, total_functional_minor, coalesce(total, 0)
FROM whole WHERE total IS DISTINCT FROM total_functional_minor
UNION ALL
SELECT 'number of postings', public_id, '', n_postings, n FROM whole WHERE n <> n_postings
UNION ALL
SELECT 'postings of no entry', posting.entry_id::text, currency, sum(amount_minor), 0
FROM ledger_posting posting
WHERE legal_entity_id = %(legal_entity)s
    AND NOT EXISTS (SELECT FROM ledger_entry entry WHERE entry.id = posting.entry_id)
GROUP BY posting.entry_id, currency
ORDER BY 1, 2, 3
