-- References of items that are matched already or withdrawn: they too contradict a match by amount.
CREATE TEMP TABLE taken_key ON COMMIT DROP AS
SELECT DISTINCT item.id AS item_id, '~' || key AS key
  FROM reconciliation_expectation item, unnest(item.keys) key
 WHERE item.account_id = %(account)s AND NOT EXISTS (SELECT FROM left_item WHERE left_item.id = item.id)
   AND item.latest_on > (SELECT min(booked_on) - 60 FROM left_line);
DELETE FROM taken_key USING (SELECT key FROM taken_key GROUP BY key HAVING count(*) > 50) common
 WHERE common.key = taken_key.key;
CREATE INDEX ON taken_key (key);
ANALYZE taken_key
