-- The found pairs as matches to be written: one for each line.
CREATE TEMP TABLE proposed ON COMMIT DROP AS
SELECT %(prefix)s || upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)) AS public_id,
       min(found.pass_name) AS pass_name, min(found.score) AS score,
       (array_agg(found.reasons))[1] AS reasons, (array_agg(found.considered))[1] AS considered,
       ARRAY[found.line_id] AS line_ids, array_agg(found.item_id) AS item_ids,
       CASE WHEN sum(found.fee_minor) > 0 THEN ARRAY['fee.merchant'] ELSE ARRAY[]::text[] END AS roles,
       CASE WHEN sum(found.fee_minor) > 0 THEN ARRAY[sum(found.fee_minor)::bigint] ELSE ARRAY[]::bigint[] END
           AS amounts,
       CASE WHEN sum(found.fee_minor) > 0 THEN ARRAY[''] ELSE ARRAY[]::text[] END AS adjustment_references,
       min(line.booked_on) AS effective_on
  FROM found JOIN reconciliation_statementline line ON line.id = found.line_id
 GROUP BY found.line_id
