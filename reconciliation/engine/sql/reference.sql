-- What the bank may have paid by itself, though it was expected as part of a batch (loose.sql).
INSERT INTO item_hit
SELECT hit.line, hit.unit, hit.item, min(is_net)
  FROM (SELECT line, unit, item, is_net, expected_on, earliest_on, latest_on
          FROM (SELECT unit.id AS unit, item.id AS item, item.expected_on, item.earliest_on, item.latest_on,
                       hashtextextended(unnest(item.keys), item.scope) AS h, item.amount, item.fee
                  FROM unit CROSS JOIN LATERAL unnest(unit.members) member JOIN given_item item ON item.id = member
                 WHERE unit.n > 1) named
         CROSS JOIN LATERAL (SELECT h # hashint8extended(amount, 7) AS ha, 0 AS is_net
                              UNION ALL SELECT h # hashint8extended(amount - fee, 7), 1 WHERE fee <> 0) shown
          JOIN line_key USING (ha)) hit
  JOIN given_line line ON line.id = hit.line
 WHERE line.booked_on BETWEEN least(hit.expected_on, hit.earliest_on) - 16
                          AND greatest(hit.expected_on, hit.latest_on) + 60
   AND NOT EXISTS (SELECT FROM set_apart WHERE set_apart.id = hit.line)
   AND NOT EXISTS (SELECT FROM apart_pair apart WHERE apart.line = hit.line AND apart.item = hit.item)
 GROUP BY hit.line, hit.unit, hit.item;
-- Pass K: one line and one unit share a reference and the amount (all of it, or less the contracted fee) in a
-- wide window, and no other such pair touches either of them. Scopes are compared as a difference, because nothing
-- should be joined by them: a plan without statistics would take each line with each unit.
WITH hit AS MATERIALIZED (
    SELECT line, unit, min(is_net) AS is_net FROM (
        SELECT line, unit, 0 AS is_net FROM line_key JOIN unit_key USING (ha)
        UNION ALL
        SELECT line, unit, 1 FROM line_key JOIN unit_key ON unit_key.net_ha = line_key.ha WHERE net_ha IS NOT NULL) pair
     GROUP BY line, unit
), near_hit AS (
    SELECT hit.line, hit.unit, unit.scope, unit.fee * is_net AS fee, line.refs && unit.refs AS is_raw,
           line.booked_on - unit.last_on AS lag, line.kind AS line_kind, unit.kind AS unit_kind, line.who, unit.payer
      FROM hit JOIN given_line line ON line.id = hit.line JOIN unit ON unit.id = hit.unit
     WHERE line.amount = unit.amount - unit.fee * is_net AND line.scope - unit.scope = 0
       AND line.booked_on BETWEEN least(unit.first_on, unit.earliest_on) - 16
                              AND greatest(unit.last_on, unit.latest_on) + 60
       AND NOT EXISTS (SELECT FROM set_apart WHERE set_apart.id = hit.line)
       AND NOT EXISTS (SELECT FROM apart_pair apart WHERE apart.line = hit.line AND apart.item = ANY(unit.members))
), weighed AS MATERIALIZED (
    SELECT *, count(*) OVER (PARTITION BY line) AS by_line, count(*) OVER (PARTITION BY unit) AS by_unit FROM near_hit
), several AS (
    SELECT line, unit FROM weighed WHERE by_line > 1 OR by_unit > 1
), rival AS (
    INSERT INTO rival_line
    SELECT DISTINCT line FROM item_hit WHERE line IN (SELECT line FROM several) OR unit IN (SELECT unit FROM several)
)
INSERT INTO lonely_hit
SELECT line, unit, scope, fee, is_raw, lag, line_kind, unit_kind, who, payer FROM weighed WHERE by_line = 1 AND by_unit = 1;
-- Two payers may use one number, and a batch's number comes again at another terminal. Where a line names another
-- terminal, or bears a sign of somebody else (the name that it comes from, a number of theirs) which the found payer's
-- lines hardly ever bear, and none of that payer, its reference proves nothing. So it is where a batch lies more than
-- a week away and another of the same terminal and number nearer. And it may take back an earlier line of the opposite
-- amount that bears the reference too, where there are more such lines than such units.
WITH sign AS MATERIALIZED (
    SELECT line, who AS said, payer, 1 AS n FROM lonely_hit WHERE who <> '' AND payer <> ''
    UNION ALL
    SELECT 0, who, payer, sum(n) FROM given_fact WHERE who <> '' AND payer <> '' GROUP BY who, payer HAVING sum(n) > 0
    UNION ALL
    SELECT line, h::text, payer, 1 FROM lonely_hit JOIN line_sign USING (line) WHERE payer <> ''
), of_payer AS (
    SELECT payer, count(DISTINCT line) + coalesce(sum(n) FILTER (WHERE line = 0), 0) AS lines FROM sign GROUP BY payer
), told AS (
    SELECT *, sum(n) OVER of_sign AS of_said, max(n) OVER of_sign AS most
      FROM (SELECT said, payer, sum(n) AS n FROM sign GROUP BY said, payer) each
    WINDOW of_sign AS (PARTITION BY said)
), mirrored AS MATERIALIZED (
    SELECT id FROM given_line
     WHERE NOT is_settled AND (scope, -amount) IN (SELECT scope, amount FROM given_line WHERE NOT is_settled)
), strange AS (
    SELECT line FROM sign JOIN told USING (said, payer) JOIN of_payer USING (payer)
     WHERE line <> 0 GROUP BY line
    HAVING bool_or(most >= greatest(5, 0.8 * of_said) AND lines >= 3
                   AND told.n <= greatest(1, least(0.1 * of_said, 0.1 * lines)))
       AND NOT bool_or(told.n >= 5 AND told.n * 2 >= of_said)
     UNION
    SELECT line FROM lonely_hit hit JOIN unit ON unit.id = hit.unit JOIN line_sign USING (line)
     WHERE unit.shared[2] <> '' AND h IN (SELECT hashtextextended(shared[2], scope) FROM unit WHERE shared[2] <> '')
     GROUP BY line HAVING NOT bool_or(h = hashtextextended(unit.shared[2], unit.scope))
     UNION
    SELECT line FROM lonely_hit hit JOIN unit ON unit.id = hit.unit
      JOIN unit other ON other.terminal = unit.terminal AND other.batch = unit.batch AND other.kind = unit.kind
     WHERE abs(lag) > 7 AND unit.batch <> '' AND other.scope - unit.scope = 0 AND other.payer = unit.payer
       AND abs(unit.last_on + lag - other.last_on) < abs(lag)
     UNION
    SELECT line FROM (
        SELECT hit.line, key.h, line.amount, count(DISTINCT other.id) AS lines
          FROM lonely_hit hit JOIN given_line line ON line.id = hit.line AND line.id IN (TABLE mirrored)
          JOIN line_key key ON key.line = hit.line
          JOIN line_key theirs ON theirs.h = key.h AND theirs.line <> key.line
          JOIN given_line other ON other.id = theirs.line AND other.amount = -line.amount
           AND other.booked_on BETWEEN line.booked_on - 60 AND line.booked_on
         GROUP BY hit.line, key.h, line.amount) back
     WHERE lines > (SELECT count(*) FROM unit_key JOIN unit ON unit.id = unit_key.unit
                     WHERE unit_key.h = back.h AND unit.amount = -back.amount)
), gone AS (
    DELETE FROM lonely_hit WHERE line IN (TABLE strange) RETURNING line, unit
)
INSERT INTO apart_pair
SELECT line, unnest(members), false FROM gone JOIN unit ON unit.id = gone.unit;
-- Nor does it where it names an item of a batch too that is of its amount, or where an item of its batch is paid by itself:
-- two answers fit, unless that batch or that line has certainly another one.
-- (By way of arrays, so that the plan expects few: for many it would make room for all that could be tied to each other.)
WITH RECURSIVE tie AS MATERIALIZED (
    SELECT one, other
      FROM (SELECT array_agg(of_line.line) AS ones, array_agg(of_unit.line) AS others
              FROM item_hit
              LEFT JOIN lonely_hit of_line ON of_line.line = item_hit.line
              LEFT JOIN lonely_hit of_unit ON of_unit.unit = item_hit.unit
             WHERE of_line.line IS DISTINCT FROM of_unit.line) said, unnest(ones, others) pair (one, other)
), doubtful AS (
    SELECT coalesce(one, other) AS line FROM tie WHERE one IS NULL OR other IS NULL
     UNION
    SELECT theirs.line FROM doubtful
      JOIN (SELECT one AS known, other AS line FROM tie UNION ALL SELECT other, one FROM tie) theirs
        ON theirs.known = doubtful.line
     WHERE theirs.line IS NOT NULL
), gone AS (
    DELETE FROM lonely_hit WHERE line IN (TABLE doubtful) RETURNING line, unit
)
INSERT INTO rival_line
SELECT line FROM gone UNION SELECT line FROM item_hit WHERE unit IN (SELECT unit FROM gone);
-- What else the line's references name: it was looked at, and its amount is another.
WITH also_named AS (
    SELECT line, jsonb_build_array(jsonb_build_array(
               'named too, other amount', count(DISTINCT other.unit), min(other.unit))) AS considered
      FROM lonely_hit JOIN line_key USING (line) JOIN unit_key other USING (h)
     WHERE other.unit <> lonely_hit.unit GROUP BY line
)
INSERT INTO found (pass_name, score, line_ids, unit_ids, fee, difference, role, reasons, considered)
SELECT CASE WHEN is_raw THEN 'reference' ELSE 'reference_normalised' END, CASE WHEN is_raw THEN 100 ELSE 96 END,
       ARRAY[line], ARRAY[unit], fee, 0, '',
       ARRAY[CASE WHEN is_raw THEN 'reference equal' ELSE 'reference equal without padding' END,
             CASE WHEN fee <> 0 THEN 'amount equal less the contracted fee' ELSE 'amount equal' END],
       coalesce(considered, '[]')
  FROM lonely_hit LEFT JOIN also_named USING (line) ORDER BY line;
-- Facts that references taught, now and before: how late each kind comes, which kinds go together, who pays.
INSERT INTO known_fact
SELECT line_kind, who, unit_kind, payer, lag, sum(n)::int AS n FROM (
    SELECT line_kind, who, unit_kind, payer, lag, 1 AS n FROM lonely_hit
     UNION ALL SELECT line_kind, who, unit_kind, payer, lag, n FROM given_fact) each
 GROUP BY line_kind, who, unit_kind, payer, lag HAVING sum(n) > 0;
INSERT INTO found_line SELECT line FROM lonely_hit;
INSERT INTO found_unit SELECT unit FROM lonely_hit
