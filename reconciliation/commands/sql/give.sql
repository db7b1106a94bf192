-- What is open on one account, for the engine: its lines, what is expected, and what was decided before.
INSERT INTO given_line
SELECT line.id, 1, lower(line.code), line.booked_on, line.amount_minor,
       regexp_replace(upper(line.counterparty), '[^A-Z]+', '', 'g'),
       CASE WHEN line.bank_reference LIKE '~%%' THEN '' ELSE line.bank_reference END,
       line."references", line.keys::text[], false
  FROM reconciliation_statementline line
 WHERE line.account_id = %(account)s
   AND NOT EXISTS (SELECT FROM reconciliation_matchline part WHERE part.line_id = line.id AND part.undo_id IS NULL)
   AND NOT EXISTS (SELECT FROM reconciliation_discrepancy found
                    WHERE found.line_id = line.id AND found.state = 'PROPOSED');
ANALYZE given_line;

-- Lines that are settled and that an open one may repeat.
INSERT INTO given_line
SELECT line.id, 1, lower(line.code), line.booked_on, line.amount_minor,
       regexp_replace(upper(line.counterparty), '[^A-Z]+', '', 'g'),
       CASE WHEN line.bank_reference LIKE '~%%' THEN '' ELSE line.bank_reference END,
       line."references", line.keys, true
  FROM reconciliation_statementline line
 WHERE line.account_id = %(account)s
   AND line.booked_on >= (SELECT min(booked_on) - 30 FROM given_line)
   AND EXISTS (SELECT FROM given_line open
                WHERE open.amount = line.amount_minor AND open.id <> line.id
                  AND (open.bank_reference = line.bank_reference OR open.keys = line.keys::text[]))
   AND NOT EXISTS (SELECT FROM given_line WHERE given_line.id = line.id);

INSERT INTO given_item
SELECT item.id, 1, item.kind, item.expected_on, item.earliest_on, item.latest_on, item.amount_minor, item.fee_minor,
       item.payer, item.terminal, item.batch,
       item."references", item.keys,
       ARRAY[CASE WHEN item.payer ~ '[0-9]' THEN regexp_replace(regexp_replace(
                 upper(item.payer), '[^0-9A-Z]+', '', 'g'), '(^|[^0-9])0+(?=[0-9])', '\1', 'g') ELSE '' END,
             CASE WHEN item.terminal ~ '[0-9]' THEN regexp_replace(regexp_replace(
                 upper(item.terminal), '[^0-9A-Z]+', '', 'g'), '(^|[^0-9])0+(?=[0-9])', '\1', 'g') ELSE '' END]
  FROM reconciliation_expectation item
 WHERE item.account_id = %(account)s AND item.withdrawn_at IS NULL
   AND NOT EXISTS (SELECT FROM reconciliation_matchitem part
                    WHERE part.expectation_id = item.id AND part.undo_id IS NULL)
   AND NOT EXISTS (SELECT FROM reconciliation_discrepancy found
                    WHERE found.expectation_id = item.id AND found.state = 'PROPOSED');

-- What a person took apart is not put together again by a pass.
INSERT INTO apart_pair
SELECT DISTINCT line.line_id, item.expectation_id
  FROM given_line
  JOIN reconciliation_matchline line ON line.line_id = given_line.id AND line.undo_id IS NOT NULL
  JOIN reconciliation_matchitem item ON item.match_id = line.match_id
 WHERE NOT given_line.is_settled;

-- References of items that are matched already or withdrawn: they too contradict a match by amount.
INSERT INTO taken_line
SELECT DISTINCT said.id
  FROM (SELECT id, unnest(keys) AS key FROM given_line WHERE NOT is_settled) said
  JOIN (SELECT min(key) AS key FROM (
            SELECT item.id, unnest(item.keys) AS key FROM reconciliation_expectation item
             WHERE item.account_id = %(account)s
               AND item.latest_on > (SELECT min(booked_on) - 60 FROM given_line WHERE NOT is_settled)
               AND NOT EXISTS (SELECT FROM given_item WHERE given_item.id = item.id)) named
         GROUP BY named.key HAVING count(*) <= 20) taken ON taken.key = said.key;

-- The newest matches by reference teach how late each kind comes, which kinds go together, and who pays.
INSERT INTO given_fact
SELECT lower(line.code), regexp_replace(upper(line.counterparty), '[^A-Z]+', '', 'g'), item.kind, item.payer,
       line.booked_on - item.expected_on
  FROM (SELECT id FROM reconciliation_match
         WHERE account_id = %(account)s AND pass_name LIKE 'reference%%' AND line_count = 1 AND item_count = 1
         ORDER BY id DESC LIMIT 5000) made
  JOIN reconciliation_matchline part ON part.match_id = made.id AND part.undo_id IS NULL
  JOIN reconciliation_statementline line ON line.id = part.line_id
  JOIN reconciliation_matchitem other ON other.match_id = made.id
  JOIN reconciliation_expectation item ON item.id = other.expectation_id
