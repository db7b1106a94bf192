-- Batches that the bank did not pay as one: where a line names one item of an open batch and pays just that,
-- the batch falls apart into its items. Then again one line, one item, and no other such pair.
WITH loose_item AS (
    SELECT unit.id AS unit, item.id AS item, item.amount, item.fee, item.scope, item.keys
      FROM unit CROSS JOIN LATERAL unnest(unit.members) member JOIN given_item item ON item.id = member
     WHERE unit.n > 1 AND NOT EXISTS (SELECT FROM found_unit WHERE found_unit.id = unit.id)
), loose_key AS MATERIALIZED (
    SELECT unit, item, hashtextextended(key, scope) AS h,
           hashtextextended(key, scope) # hashint8extended(amount, 7) AS ha,
           CASE WHEN fee <> 0 THEN hashtextextended(key, scope) # hashint8extended(amount - fee, 7) END AS net_ha,
           count(*) OVER (PARTITION BY unit, key, amount < 0) AS bearers
      FROM loose_item, unnest(keys) key
), open_hit AS MATERIALIZED (
    SELECT item_hit.*, bearers, line IN (TABLE rival_line) AS is_rival
      FROM item_hit JOIN (SELECT line, item, min(bearers) AS bearers FROM line_key JOIN loose_key USING (h)
                           GROUP BY line, item) borne USING (line, item)
     WHERE NOT EXISTS (SELECT FROM found_line WHERE found_line.id = line)
), in_parts AS (
    SELECT unit FROM open_hit WHERE NOT is_rival GROUP BY unit HAVING count(DISTINCT item) > 1 AND count(DISTINCT line) > 1
    EXCEPT
    SELECT unit FROM loose_key JOIN line_key USING (h)
     WHERE bearers > 1 AND NOT EXISTS (SELECT FROM open_hit
                                        WHERE open_hit.unit = loose_key.unit AND open_hit.line = line_key.line)
), loose_hit AS MATERIALIZED (
    -- What several of its items of one direction bear names the batch and no item, unless every line that bears it pays
    -- one of them.
    SELECT line, unit, item, is_net, is_rival FROM open_hit WHERE bearers = 1 OR unit IN (TABLE in_parts)
), loose_unit AS (
    DELETE FROM unit WHERE id IN (SELECT unit FROM loose_hit WHERE NOT is_rival) RETURNING id, members
), gone_key AS (
    DELETE FROM unit_key WHERE unit IN (SELECT unit FROM loose_hit WHERE NOT is_rival)
), alone AS (
    INSERT INTO unit
    SELECT item.id, item.scope, item.kind, item.payer, item.terminal, item.batch, item.amount, item.fee,
           item.expected_on, item.expected_on, item.earliest_on, item.latest_on, 1, item.keys, item.refs, item.shared,
           ARRAY[item.id]
      FROM loose_unit CROSS JOIN LATERAL unnest(loose_unit.members) member JOIN given_item item ON item.id = member
), alone_key AS (
    INSERT INTO unit_key
    SELECT item, h, ha, net_ha FROM loose_key
     WHERE unit IN (SELECT unit FROM loose_hit WHERE NOT is_rival)
       AND NOT EXISTS (SELECT FROM common_key WHERE common_key.h = loose_key.h)
), lonely_item AS (
    SELECT weighed.line, weighed.item, item.fee * is_net AS fee
      FROM (SELECT *, count(*) OVER (PARTITION BY line) AS by_line, count(*) OVER (PARTITION BY item) AS by_item
              FROM loose_hit) weighed
      JOIN given_item item ON item.id = weighed.item JOIN given_line line ON line.id = weighed.line
     WHERE by_line = 1 AND by_item = 1 AND NOT is_rival AND line.scope - item.scope = 0
       AND line.booked_on BETWEEN item.expected_on - 10 AND item.expected_on + 60
), kept AS (
    INSERT INTO found (pass_name, score, line_ids, unit_ids, fee, difference, role, reasons, considered)
    SELECT 'reference_item', 94, ARRAY[line], ARRAY[item], fee, 0, '',
           ARRAY['reference of one item of a batch',
                 CASE WHEN fee <> 0 THEN 'amount equal less the contracted fee' ELSE 'amount equal' END],
           '[]' FROM lonely_item ORDER BY line
    RETURNING line_ids, unit_ids
), taken AS (
    INSERT INTO found_line SELECT unnest(line_ids) FROM kept
)
INSERT INTO found_unit SELECT unnest(unit_ids) FROM kept
