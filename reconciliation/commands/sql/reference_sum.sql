-- Pass S: a line names several items, each of them named by no other line, and pays exactly their sum.
WITH pair AS (
    SELECT named.line_id, named.item_id, item.amount_minor
      FROM named
      JOIN left_line line ON line.id = named.line_id
      JOIN left_item item ON item.id = named.item_id
), lonely AS (
    SELECT item_id FROM pair GROUP BY item_id HAVING count(*) = 1
), summed AS (
    SELECT pair.line_id, sum(pair.amount_minor) AS total, count(*) AS items,
           bool_and(pair.item_id IN (SELECT item_id FROM lonely)) AS is_alone
      FROM pair GROUP BY pair.line_id
), whole AS (
    SELECT summed.line_id, summed.items
      FROM summed JOIN left_line line ON line.id = summed.line_id
     WHERE summed.items BETWEEN 2 AND 50 AND summed.is_alone AND summed.total = line.amount_minor
       AND NOT EXISTS (SELECT FROM undone_pair undone WHERE undone.line_id = summed.line_id)
), accepted AS (
    INSERT INTO found (pass_name, score, line_id, item_id, fee_minor, reasons, considered)
    SELECT 'reference_sum', 92, pair.line_id, pair.item_id, 0,
           to_jsonb(ARRAY['references of ' || whole.items || ' items', 'their sum equals the amount']), '[]'::jsonb
      FROM whole JOIN pair USING (line_id)
    RETURNING line_id, item_id
), lines AS (
    DELETE FROM left_line USING accepted WHERE left_line.id = accepted.line_id
), items AS (
    DELETE FROM left_item USING accepted WHERE left_item.id = accepted.item_id
)
DELETE FROM shown USING accepted WHERE shown.item_id = accepted.item_id
