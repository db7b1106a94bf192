-- What is left to match on one account, with its keys: everything below works on these tables.
CREATE TEMP TABLE left_line ON COMMIT DROP AS
SELECT line.id, line.amount_minor, line.booked_on, line.bank_reference, line.counterparty
  FROM reconciliation_statementline line
 WHERE line.account_id = %(account)s
   AND NOT EXISTS (SELECT FROM reconciliation_matchline part WHERE part.line_id = line.id AND part.undo_id IS NULL)
   AND NOT EXISTS (SELECT FROM reconciliation_discrepancy found
                    WHERE found.line_id = line.id AND found.state = 'PROPOSED');

CREATE TEMP TABLE left_item ON COMMIT DROP AS
SELECT item.id, item.kind, item.amount_minor, item.fee_minor, item.earliest_on, item.expected_on, item.latest_on
  FROM reconciliation_expectation item
 WHERE item.account_id = %(account)s AND item.withdrawn_at IS NULL
   AND NOT EXISTS (SELECT FROM reconciliation_matchitem part
                    WHERE part.expectation_id = item.id AND part.undo_id IS NULL)
   AND NOT EXISTS (SELECT FROM reconciliation_discrepancy found
                    WHERE found.expectation_id = item.id AND found.state = 'PROPOSED');

-- What a person took apart is not put together again by a pass.
CREATE TEMP TABLE undone_pair ON COMMIT DROP AS
SELECT DISTINCT line.line_id, item.expectation_id AS item_id
  FROM left_line
  JOIN reconciliation_matchline line ON line.line_id = left_line.id AND line.undo_id IS NOT NULL
  JOIN reconciliation_matchitem item ON item.match_id = line.match_id;

-- Pass D: a line repeats an earlier one of the account when the bank's own reference, the amount and
-- the counterparty are the same within thirty days. It is set apart for a person before any pass runs.
CREATE TEMP TABLE duplicate_line ON COMMIT DROP AS
SELECT later.id, min(earlier.id) AS repeats_id
  FROM left_line later
  JOIN reconciliation_statementline earlier
    ON earlier.account_id = %(account)s AND earlier.amount_minor = later.amount_minor
   AND earlier.bank_reference = later.bank_reference AND earlier.counterparty = later.counterparty
   AND earlier.id < later.id AND earlier.booked_on BETWEEN later.booked_on - 30 AND later.booked_on
 WHERE later.bank_reference !~ '^~'
   AND NOT EXISTS (SELECT FROM reconciliation_matchline part WHERE part.line_id = later.id)
 GROUP BY later.id;
DELETE FROM left_line USING duplicate_line WHERE duplicate_line.id = left_line.id;

-- The amounts that the bank may show for an item: all of it, or all less the contracted fee.
CREATE TEMP TABLE shown ON COMMIT DROP AS
SELECT id AS item_id, amount_minor, 0::bigint AS fee_minor, earliest_on, latest_on FROM left_item
UNION ALL
SELECT id, amount_minor - fee_minor, fee_minor, earliest_on, latest_on FROM left_item
 WHERE fee_minor > 0 AND fee_minor < amount_minor;

-- Keys: '=' as written, '~' normalised. A key that more than fifty lines or items share names nobody.
CREATE TEMP TABLE line_key ON COMMIT DROP AS
SELECT left_line.id, each.key COLLATE "C" AS key
  FROM left_line JOIN reconciliation_statementline line USING (id)
 CROSS JOIN LATERAL (
    SELECT '=' || upper(trim(said)) AS key FROM unnest(line."references") said
     UNION ALL SELECT '~' || said FROM unnest(line.keys) said) each;

CREATE TEMP TABLE item_key ON COMMIT DROP AS
SELECT left_item.id, each.key COLLATE "C" AS key
  FROM left_item JOIN reconciliation_expectation item USING (id)
 CROSS JOIN LATERAL (
    SELECT '=' || upper(trim(said)) AS key FROM unnest(item."references") said
     UNION ALL SELECT '~' || said FROM unnest(item.keys) said) each;
ANALYZE line_key; ANALYZE item_key;

DELETE FROM line_key USING (SELECT key FROM line_key GROUP BY key HAVING count(*) > 50) common
 WHERE common.key = line_key.key;
DELETE FROM item_key USING (SELECT key FROM item_key GROUP BY key HAVING count(*) > 50) common
 WHERE common.key = item_key.key;

-- An intact reference names an item, matched or not: then nothing else may take the line by amount.
CREATE TEMP TABLE named ON COMMIT DROP AS
SELECT line_key.id AS line_id, item_key.id AS item_id,
       bool_or(key LIKE '=%%') AS is_written, bool_or(key LIKE '~%%') AS is_normalised
  FROM line_key JOIN item_key USING (key) GROUP BY line_key.id, item_key.id;

CREATE TEMP TABLE found (
    no int GENERATED ALWAYS AS IDENTITY, pass_name text, score int, line_id bigint, item_id bigint,
    fee_minor bigint, reasons jsonb, considered jsonb) ON COMMIT DROP;

CREATE INDEX ON left_line (amount_minor, booked_on);
CREATE INDEX ON shown (amount_minor, earliest_on);
CREATE INDEX ON named (line_id);
CREATE INDEX ON named (item_id);
CREATE INDEX ON line_key (id);
ANALYZE left_line; ANALYZE left_item; ANALYZE shown; ANALYZE named
