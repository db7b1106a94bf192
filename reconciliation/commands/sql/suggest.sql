-- What is left, as ranked suggestions: at most nine for a line, each with why and why not.
-- The tables are made anew: what the passes took is still in the way of every look into an index.
CREATE TEMP TABLE rest_item ON COMMIT DROP AS SELECT * FROM left_item;
CREATE INDEX ON rest_item (id);
CREATE INDEX ON rest_item (amount_minor, id);
CREATE TEMP TABLE rest_shown ON COMMIT DROP AS SELECT * FROM shown;
CREATE INDEX ON rest_shown (amount_minor, earliest_on);
ANALYZE rest_item; ANALYZE rest_shown;
DELETE FROM reconciliation_suggestion WHERE account_id = %(account)s;
INSERT INTO reconciliation_suggestion (account_id, line_id, expectation_id, pass_name, score, reasons, against)
SELECT %(account)s, line.id, near.item_id, near.pass_name, near.score, to_jsonb(near.reasons), near.against
  FROM left_line line CROSS JOIN LATERAL (
    SELECT DISTINCT ON (candidate.item_id) candidate.* FROM (
        (SELECT item.id AS item_id, 'reference' AS pass_name,
                CASE WHEN item.amount_minor = line.amount_minor THEN 75 ELSE 60 END AS score,
                ARRAY['reference equal',
                      CASE WHEN item.amount_minor = line.amount_minor THEN 'amount equal' ELSE 'amount differs' END]
                      AS reasons,
                CASE WHEN item.amount_minor = line.amount_minor
                     THEN 'The reference or the amount fits others too, or the date is far off.'
                     ELSE 'The amounts differ.' END AS against
           FROM named JOIN rest_item item ON item.id = named.item_id
          WHERE named.line_id = line.id
          ORDER BY (item.amount_minor = line.amount_minor) DESC, abs(item.expected_on - line.booked_on), item.id
          LIMIT 9)
        UNION ALL
        (SELECT shown.item_id, 'amount', 50 - least(20, abs(item.expected_on - line.booked_on)),
                ARRAY[CASE WHEN shown.fee_minor > 0 THEN 'amount equal less the contracted fee'
                           ELSE 'amount equal' END,
                      'date ' || to_char(line.booked_on - item.expected_on, 'SG990') || ' days'],
                'Others have the same amount, the date is outside the window, or a reference says otherwise.'
           FROM rest_shown shown JOIN rest_item item ON item.id = shown.item_id
          WHERE shown.amount_minor = line.amount_minor
            AND line.booked_on BETWEEN shown.earliest_on - 60 AND shown.latest_on + 60
          ORDER BY abs(item.expected_on - line.booked_on), shown.item_id LIMIT 9)
        UNION ALL
        (SELECT item.id, 'near_amount', 30 - least(10, abs(item.expected_on - line.booked_on)),
                ARRAY['amount within five per cent', 'date ' || to_char(line.booked_on - item.expected_on, 'SG990')
                      || ' days'],
                'The amounts differ.'
           FROM rest_item item
          WHERE line.amount_minor > 0
            AND item.amount_minor BETWEEN line.amount_minor AND line.amount_minor + line.amount_minor / 20
            AND item.amount_minor <> line.amount_minor
            AND line.booked_on BETWEEN item.earliest_on AND item.latest_on + 7
          ORDER BY item.amount_minor, item.id LIMIT 3)
    ) candidate ORDER BY candidate.item_id, candidate.score DESC
  ) near
