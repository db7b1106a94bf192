-- Pass S: a reference that several units share; a line names it and pays exactly their sum, gross or net, and none of
-- them by itself (of a cheque, its return and its second deposit it is one).
WITH shared_key AS MATERIALIZED (
    SELECT h, array_agg(unit.id ORDER BY unit.id) AS units, sum(unit.amount)::bigint AS amount,
           sum(unit.fee)::bigint AS fee, array_agg(unit.amount) || array_agg(unit.amount - unit.fee) AS shown
      FROM unit_key JOIN unit ON unit.id = unit_key.unit
     WHERE NOT EXISTS (SELECT FROM found_unit WHERE found_unit.id = unit.id)
     GROUP BY h HAVING count(*) > 1 AND max(unit.last_on) - min(unit.first_on) <= 10
), sum_hit AS MATERIALIZED (
    SELECT DISTINCT line.id AS line, units, CASE WHEN line.amount = shared.amount THEN 0 ELSE shared.fee END AS fee
      FROM line_key JOIN shared_key shared USING (h) JOIN given_line line ON line.id = line_key.line
     WHERE line.amount IN (shared.amount, shared.amount - shared.fee) AND line.amount <> ALL (shown)
       AND NOT EXISTS (SELECT FROM found_line WHERE found_line.id = line.id)
       AND NOT EXISTS (SELECT FROM set_apart WHERE set_apart.id = line.id)
       AND NOT EXISTS (SELECT FROM apart_pair apart WHERE apart.line = line.id)
), rival AS (
    INSERT INTO rival_line
    SELECT DISTINCT line FROM item_hit
     WHERE line IN (SELECT line FROM sum_hit)
       AND NOT EXISTS (SELECT FROM found_unit WHERE found_unit.id = item_hit.unit)
    RETURNING line
), sum_part AS MATERIALIZED (
    SELECT line, unit FROM sum_hit, unnest(units) unit
), lonely_sum AS (
    SELECT line, units, fee
      FROM (SELECT *, count(*) OVER (PARTITION BY line) AS by_line FROM sum_hit) weighed
     WHERE by_line = 1 AND line NOT IN (TABLE rival UNION TABLE rival_line) AND line NOT IN (
        SELECT one.line FROM sum_part one JOIN sum_part other ON other.unit = one.unit AND other.line <> one.line)
), kept AS (
    INSERT INTO found (pass_name, score, line_ids, unit_ids, fee, difference, role, reasons, considered)
    SELECT 'reference_sum', 92, ARRAY[line], units, fee, 0, '',
           ARRAY['reference of ' || cardinality(units) || ' items',
                 CASE WHEN fee <> 0 THEN 'their sum less the contracted fee equals the amount'
                      ELSE 'their sum equals the amount' END],
           '[]' FROM lonely_sum ORDER BY line
    RETURNING line_ids, unit_ids
), taken AS (
    INSERT INTO found_line SELECT unnest(line_ids) FROM kept
)
INSERT INTO found_unit SELECT unnest(unit_ids) FROM kept
