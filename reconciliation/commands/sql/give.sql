-- What is open on one account, for the engine: its lines, what is expected, and what was decided before.
-- Everything is found from what is open, by its keys: the time does not grow with what is settled. The lists of keys
-- and the OFFSET 0 say so, because statistics of what opens and settles by the thousand are always old, and a plan that
-- believes them reads the whole history instead.
INSERT INTO given_line
SELECT line.id, 1, lower(line.code), line.booked_on, line.amount_minor,
       upper(regexp_replace(normalize(line.counterparty, NFKD), '[^A-Za-z]+', '', 'g')),
       CASE WHEN line.bank_reference LIKE '~%' THEN '' ELSE line.bank_reference END,
       line."references", line.keys::text[], false
  FROM reconciliation_statementline line
 WHERE line.id = ANY (ARRAY(SELECT line_id FROM reconciliation_openline WHERE account_id = $1))
   AND line.id NOT IN (SELECT line_id FROM reconciliation_discrepancy
                              WHERE account_id = $1 AND state = 'PROPOSED' AND line_id IS NOT NULL);

-- Lines that are settled and that an open one may repeat.
INSERT INTO given_line
SELECT line.id, 1, lower(line.code), line.booked_on, line.amount_minor,
       upper(regexp_replace(normalize(line.counterparty, NFKD), '[^A-Za-z]+', '', 'g')),
       CASE WHEN line.bank_reference LIKE '~%' THEN '' ELSE line.bank_reference END,
       line."references", line.keys, true
  FROM (SELECT DISTINCT amount FROM given_line) said
 CROSS JOIN LATERAL (SELECT * FROM reconciliation_statementline
                      WHERE account_id = $1 AND amount_minor = said.amount OFFSET 0) line
 WHERE EXISTS (SELECT FROM reconciliation_match WHERE account_id = $1)
   AND line.booked_on >= (SELECT min(booked_on) - 30 FROM given_line)
   AND line.id NOT IN (SELECT id FROM given_line)
   AND ((line.bank_reference, line.amount_minor) IN (SELECT bank_reference, amount FROM given_line WHERE bank_reference <> '')
        OR (line.keys::text[], line.amount_minor) IN (SELECT keys, amount FROM given_line WHERE keys <> '{}'));

INSERT INTO given_item
SELECT item.id, 1, item.kind, item.expected_on, item.earliest_on, item.latest_on, item.amount_minor, item.fee_minor,
       item.payer, item.terminal, item.batch,
       item."references", item.keys,
       ARRAY[CASE WHEN item.payer ~ '[0-9]' THEN regexp_replace(regexp_replace(
                 upper(item.payer), '[^0-9A-Z]+', '', 'g'), '(^|[^0-9])0+(?=[0-9])', '\1', 'g') ELSE '' END,
             CASE WHEN item.terminal ~ '[0-9]' THEN regexp_replace(regexp_replace(
                 upper(item.terminal), '[^0-9A-Z]+', '', 'g'), '(^|[^0-9])0+(?=[0-9])', '\1', 'g') ELSE '' END]
  FROM reconciliation_expectation item
 WHERE item.id = ANY (ARRAY(SELECT expectation_id FROM reconciliation_openitem WHERE account_id = $1))
   AND item.id NOT IN (SELECT expectation_id FROM reconciliation_discrepancy
                              WHERE account_id = $1 AND state = 'PROPOSED' AND expectation_id IS NOT NULL);

-- What a person took apart is not put together again by a pass.
INSERT INTO apart_pair
SELECT DISTINCT line.line_id, item.expectation_id
  FROM (SELECT match_id, line_id FROM given_line
          JOIN reconciliation_matchline part ON part.line_id = given_line.id AND part.undo_id IS NOT NULL
         WHERE NOT given_line.is_settled OFFSET 0) line
 CROSS JOIN LATERAL (SELECT expectation_id FROM reconciliation_matchitem WHERE match_id = line.match_id OFFSET 0) item;

INSERT INTO apart_pair
SELECT line_id, expectation_id, true FROM reconciliation_suggestionrejection
 WHERE restored_at IS NULL AND line_id IN (SELECT id FROM given_line)
