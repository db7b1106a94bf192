-- Items that do not add up to zero: what came and went since each was last at zero, or since its first posting.
-- {filters} comes from open_items.py, never from outside.
WITH posted AS NOT MATERIALIZED (
    SELECT posting.id, role, reference, facility_id, currency, effective_on, amount_minor
    FROM ledger_posting posting
    WHERE role = ANY(%(roles)s) AND legal_entity_id = %(legal_entity)s AND effective_on <= %(as_of)s {filters}
), item AS MATERIALIZED (
    SELECT role, reference, facility_id, currency FROM posted
    GROUP BY role, reference, facility_id, currency HAVING sum(amount_minor) <> 0
), line AS (
    SELECT posted.*, sum(amount_minor) OVER so_far AS running, row_number() OVER so_far AS number
    FROM item JOIN posted USING (role, reference, facility_id, currency)
    WINDOW so_far AS (PARTITION BY role, reference, facility_id, currency ORDER BY effective_on, id)
), placed AS (
    SELECT line.*, coalesce(max(number) FILTER (WHERE running = 0)
        OVER (PARTITION BY role, reference, facility_id, currency), 0) AS last_zero
    FROM line
)
SELECT role, reference, facility_id, facility.code, placed.currency, min(effective_on) AS since, max(effective_on),
    sum(greatest(amount_minor, 0)), sum(greatest(-amount_minor, 0)), count(*)
FROM placed JOIN access_facility facility ON facility.id = facility_id
WHERE number > last_zero
GROUP BY role, reference, facility_id, facility.code, placed.currency
ORDER BY since, role, reference, facility_id, placed.currency
