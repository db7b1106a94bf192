-- The lines of some days as if nothing of them were settled yet, for trying a rule: with what was expected around
-- these days or was matched to them, and what people took apart.
INSERT INTO given_line
SELECT line.id, 1, lower(line.code), line.booked_on, line.amount_minor,
       upper(regexp_replace(normalize(line.counterparty, NFKD), '[^A-Za-z]+', '', 'g')),
       CASE WHEN line.bank_reference LIKE '~%%' THEN '' ELSE line.bank_reference END,
       line."references", line.keys::text[], false
  FROM reconciliation_statementline line
 WHERE line.account_id = %(account)s AND line.booked_on BETWEEN %(first)s AND %(last)s;

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
   AND item.expected_on BETWEEN %(first)s - 30 AND %(last)s + 30
   AND NOT EXISTS (
    SELECT FROM reconciliation_matchitem part JOIN reconciliation_matchline other ON other.match_id = part.match_id
      JOIN reconciliation_statementline line ON line.id = other.line_id
     WHERE part.expectation_id = item.id AND part.undo_id IS NULL
       AND line.booked_on NOT BETWEEN %(first)s AND %(last)s);

INSERT INTO apart_pair
SELECT DISTINCT line.line_id, item.expectation_id
  FROM given_line
  JOIN reconciliation_matchline line ON line.line_id = given_line.id AND line.undo_id IS NOT NULL
  JOIN reconciliation_matchitem item ON item.match_id = line.match_id;

INSERT INTO apart_pair
SELECT line_id, expectation_id, true FROM reconciliation_suggestionrejection
 WHERE restored_at IS NULL AND line_id IN (SELECT id FROM given_line)
