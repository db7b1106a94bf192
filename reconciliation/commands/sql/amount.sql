-- Pass A: no reference. The amount is unique on both sides in a window wider than the accepting one,
-- the line falls into the item's own window, and no intact reference says otherwise.
WITH by_item AS (
    SELECT shown.item_id, rival.lines, rival.line_id
      FROM shown CROSS JOIN LATERAL (
        SELECT count(*) AS lines, min(near.id) AS line_id
          FROM (SELECT id FROM left_line line
                 WHERE line.amount_minor = shown.amount_minor
                   AND line.booked_on BETWEEN shown.earliest_on - %(wide)s AND shown.latest_on + %(wide)s
                 LIMIT 2) near) rival
), only_line AS (
    SELECT item_id, min(line_id) AS line_id FROM by_item GROUP BY item_id HAVING sum(lines) = 1
), by_line AS (
    SELECT line.id AS line_id, rival.items, rival.item_id, rival.fee_minor
      FROM left_line line CROSS JOIN LATERAL (
        SELECT count(*) AS items, min(near.item_id) AS item_id, min(near.fee_minor) AS fee_minor
          FROM (SELECT item_id, fee_minor FROM shown
                 WHERE shown.amount_minor = line.amount_minor
                   AND line.booked_on BETWEEN shown.earliest_on - %(wide)s AND shown.latest_on + %(wide)s
                 LIMIT 2) near) rival
     WHERE rival.items = 1
), accepted AS (
    INSERT INTO found (pass_name, score, line_id, item_id, fee_minor, reasons, considered)
    SELECT 'amount', 80, line.id, item.id, by_line.fee_minor,
           to_jsonb(ARRAY[
               CASE WHEN by_line.fee_minor > 0 THEN 'amount equal less the contracted fee' ELSE 'amount equal' END,
               'no other line or item with this amount within ' || %(wide)s || ' days around',
               'date ' || CASE WHEN line.booked_on = item.expected_on THEN 'as expected'
                               ELSE to_char(line.booked_on - item.expected_on, 'SG990') || ' days' END]),
           '[]'::jsonb
      FROM by_line
      JOIN only_line USING (line_id, item_id)
      JOIN left_line line ON line.id = by_line.line_id
      JOIN left_item item ON item.id = by_line.item_id
     WHERE line.booked_on BETWEEN item.earliest_on AND item.latest_on
       AND NOT EXISTS (SELECT FROM undone_pair undone
                        WHERE undone.line_id = line.id AND undone.item_id = item.id)
       AND NOT EXISTS (SELECT FROM named WHERE named.line_id = line.id AND named.item_id <> item.id)
       AND NOT EXISTS (SELECT FROM named WHERE named.item_id = item.id AND named.line_id <> line.id)
       AND NOT EXISTS (
            SELECT FROM line_key JOIN taken_key USING (key)
             WHERE line_key.id = line.id AND taken_key.item_id <> item.id)
    RETURNING line_id, item_id
), lines AS (
    DELETE FROM left_line USING accepted WHERE left_line.id = accepted.line_id
), items AS (
    DELETE FROM left_item USING accepted WHERE left_item.id = accepted.item_id
)
DELETE FROM shown USING accepted WHERE shown.item_id = accepted.item_id
