-- Pass D: a line repeats an earlier one: the bank's own reference, the amount and the counterparty are the
-- same within thirty days, or all that its references say within ten, where one of them names something
-- that hardly any other line names. It is set apart for a person before any pass runs. Where two of one day
-- have no bank reference in common, or do not say the same besides, neither is the earlier: both are set apart, as equals.
WITH rare_line AS MATERIALIZED (
    SELECT DISTINCT line FROM line_key JOIN (
        SELECT h FROM (SELECT h FROM line_key
                       UNION ALL SELECT hashtextextended(key, scope) FROM given_line, unnest(keys) key WHERE is_settled) said
         GROUP BY h HAVING count(*) BETWEEN 2 AND 3) rare USING (h)
), numbered AS MATERIALIZED (
    -- What more than twenty lines bear is no number of one thing.
    SELECT id, scope, amount, who, bank_reference, keys, booked_on, is_settled
      FROM given_line JOIN (SELECT scope, bank_reference FROM given_line WHERE bank_reference <> ''
                             GROUP BY scope, bank_reference HAVING count(*) BETWEEN 2 AND 20) borne
           USING (scope, bank_reference)
)
INSERT INTO set_apart
SELECT id, min(repeats_id) AS repeats_id, bool_and(is_equal) AS is_equal FROM (
    SELECT later.id, earlier.id AS repeats_id,
           earlier.booked_on = later.booked_on AND earlier.keys <> later.keys AND NOT earlier.is_settled AS is_equal
      FROM numbered later JOIN numbered earlier USING (scope, amount, who, bank_reference)
     WHERE NOT later.is_settled AND earlier.id <> later.id
       -- A number that lines of other days bear too is a counter of the bank's (one of the same days is the charge for
       -- it); what names another thing repeats nothing.
       AND NOT EXISTS (SELECT FROM numbered other
                        WHERE other.scope = later.scope AND other.bank_reference = later.bank_reference
                          AND abs(other.amount) <> abs(later.amount)
                          AND other.booked_on NOT IN (earlier.booked_on, later.booked_on))
       AND (earlier.keys && later.keys OR earlier.keys = '{}' OR later.keys = '{}')
       AND earlier.booked_on BETWEEN later.booked_on - 30 AND later.booked_on
       AND (earlier.booked_on < later.booked_on OR earlier.is_settled OR earlier.keys <> later.keys
            OR earlier.id < later.id)
    UNION ALL
    SELECT later.id, earlier.id, earlier.booked_on = later.booked_on AND NOT earlier.is_settled
      FROM rare_line JOIN given_line later ON later.id = rare_line.line
      JOIN given_line earlier USING (scope, amount, who, keys)
     WHERE NOT later.is_settled AND earlier.id <> later.id
       AND (earlier.bank_reference <> later.bank_reference OR later.id NOT IN (SELECT id FROM numbered))
       AND earlier.booked_on BETWEEN later.booked_on - 10 AND later.booked_on) repeated
 WHERE NOT EXISTS (SELECT FROM apart_pair WHERE apart_pair.line = repeated.id AND NOT is_rejected)
 GROUP BY id
