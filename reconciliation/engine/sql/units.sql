-- Items become units: what the bank shows as one sum. A batch is one (rolling numbers part by their days),
-- everything else stands alone. id: the smallest of its items.
WITH batch_days AS MATERIALIZED (
    SELECT scope, kind, payer, terminal, batch FROM given_item WHERE batch <> ''
     GROUP BY scope, kind, payer, terminal, batch HAVING max(expected_on) - min(expected_on) > 3
), gaps AS (
    SELECT item.id, item.expected_on, scope, kind, payer, terminal, batch,
           (item.expected_on - lag(item.expected_on) OVER day_of > 3)::int AS starts
      FROM given_item item JOIN batch_days USING (scope, kind, payer, terminal, batch)
    WINDOW day_of AS (PARTITION BY scope, kind, payer, terminal, batch ORDER BY item.expected_on, item.id)
), islands AS (
    SELECT *, coalesce(sum(starts) OVER (PARTITION BY scope, kind, payer, terminal, batch
                                         ORDER BY expected_on, id ROWS UNBOUNDED PRECEDING), 0) AS island
      FROM gaps
), spans AS (
    SELECT *, max(expected_on) OVER whole - min(expected_on) OVER whole AS span
      FROM islands WINDOW whole AS (PARTITION BY scope, kind, payer, terminal, batch, island)
), parted AS MATERIALIZED (
    -- A number that comes again every day is a number of the day.
    SELECT id, CASE WHEN span > 4 THEN 1000000 + (expected_on - DATE '2000-01-01') ELSE island END AS part FROM spans
)
INSERT INTO unit
SELECT min(id), scope, kind, payer, terminal, batch, sum(amount)::bigint, sum(fee)::bigint, min(expected_on),
       max(expected_on), min(earliest_on), max(latest_on), count(*)::int,
       CASE WHEN min(keys) = max(keys) THEN min(keys)
            ELSE ARRAY(SELECT unnest(min(keys)) INTERSECT SELECT unnest(max(keys)) ORDER BY 1) END,
       min(refs), CASE WHEN min(shared) = max(shared) THEN min(shared) ELSE (min(shared))[1:2] END, array_agg(id ORDER BY id)
  FROM given_item LEFT JOIN parted USING (id)
 WHERE batch <> '' GROUP BY batch, part, payer, terminal, kind, scope;
INSERT INTO unit
SELECT id, scope, kind, payer, terminal, batch, amount, fee, expected_on, expected_on, earliest_on, latest_on, 1,
       keys, refs, shared, ARRAY[id]
  FROM given_item WHERE batch = '';
ANALYZE unit (id)
