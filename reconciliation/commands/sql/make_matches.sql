-- One statement writes all proposed matches with their parts. The database checks them at its end.
WITH proposed AS MATERIALIZED (
{proposed}
), header AS (
    INSERT INTO reconciliation_match (
        public_id, account_id, run_id, pass_name, score, reasons, considered, currency,
        line_count, item_count, adjustment_count, effective_on, made_at, made_by_id)
    SELECT public_id, %(account)s, %(run)s, pass_name, score, reasons, considered, %(currency)s,
           cardinality(line_ids), cardinality(item_ids), cardinality(roles), effective_on, %(now)s, %(actor)s
      FROM proposed ORDER BY public_id
    RETURNING id, public_id
), part AS (
    SELECT header.id AS match_id, proposed.* FROM header JOIN proposed USING (public_id)
), lines AS (
    INSERT INTO reconciliation_matchline (match_id, line_id)
    SELECT match_id, unnest(line_ids) FROM part
), items AS (
    INSERT INTO reconciliation_matchitem (match_id, expectation_id)
    SELECT match_id, unnest(item_ids) FROM part
), adjustments AS (
    INSERT INTO reconciliation_matchadjustment (match_id, role, amount_minor, reference)
    SELECT match_id, each.role, each.amount_minor, each.reference
      FROM part, unnest(roles, amounts, adjustment_references) each (role, amount_minor, reference)
     WHERE cardinality(roles) > 0
)
SELECT id FROM header ORDER BY id
