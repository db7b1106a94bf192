-- What matches by reference taught, the newest first, without what was taken back since.
INSERT INTO given_fact
SELECT line_kind, who, unit_kind, payer, lag, count FROM (
    SELECT * FROM reconciliation_matchfact WHERE account_id = $1 ORDER BY id DESC LIMIT 5000) newest
UNION ALL
SELECT part.kind, part.who, item.kind, item.payer, part.booked_on - item.expected_on, -1
  FROM (SELECT match_id, kind, who, booked_on FROM given_line
          JOIN reconciliation_matchline part ON part.line_id = given_line.id AND part.undo_id IS NOT NULL OFFSET 0) part
 CROSS JOIN LATERAL (SELECT * FROM reconciliation_match WHERE id = part.match_id OFFSET 0) made
 CROSS JOIN LATERAL (SELECT expectation_id FROM reconciliation_matchitem WHERE match_id = made.id OFFSET 0) other
 CROSS JOIN LATERAL (SELECT * FROM reconciliation_expectation WHERE id = other.expectation_id OFFSET 0) item
 WHERE made.pass_name LIKE 'reference%' AND made.line_count = 1 AND made.item_count = 1
