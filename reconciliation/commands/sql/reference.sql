-- Pass K: one line and one item share a reference (as written, or normalised) and the amount, in the
-- wide window, and no other pair of this pass touches either of them.
WITH hypothesis AS (
    SELECT line.id AS line_id, shown.item_id, shown.fee_minor
      FROM named
      JOIN left_line line ON line.id = named.line_id
      JOIN shown ON shown.item_id = named.item_id AND shown.amount_minor = line.amount_minor
     WHERE CASE %(mark)s WHEN '=' THEN named.is_written ELSE named.is_normalised END
       AND line.booked_on BETWEEN shown.earliest_on - %(wide)s AND shown.latest_on + 60
), weighed AS (
    SELECT *, count(*) OVER (PARTITION BY line_id) AS by_line, count(*) OVER (PARTITION BY item_id) AS by_item
      FROM hypothesis
), accepted AS (
    INSERT INTO found (pass_name, score, line_id, item_id, fee_minor, reasons, considered)
    SELECT %(name)s, %(score)s, line_id, item_id, fee_minor,
           to_jsonb(ARRAY[%(reason)s, CASE WHEN fee_minor > 0 THEN 'amount equal less the contracted fee'
                                           ELSE 'amount equal' END]),
           '[]'::jsonb
      FROM weighed WHERE by_line = 1 AND by_item = 1
       AND NOT EXISTS (SELECT FROM undone_pair undone
                        WHERE undone.line_id = weighed.line_id AND undone.item_id = weighed.item_id)
    RETURNING line_id, item_id
), lines AS (
    DELETE FROM left_line USING accepted WHERE left_line.id = accepted.line_id
), items AS (
    DELETE FROM left_item USING accepted WHERE left_item.id = accepted.item_id
)
DELETE FROM shown USING accepted WHERE shown.item_id = accepted.item_id
