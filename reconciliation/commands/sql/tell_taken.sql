-- References of items that are matched already or withdrawn: they too contradict a match by amount.
-- A key that more than twenty of them have names nothing. The key is compared as the index has it.
INSERT INTO taken_line
SELECT DISTINCT line.id
  FROM rest_line line CROSS JOIN LATERAL unnest(line.keys) said (key)
  JOIN (
    SELECT key, named.latest_on
      FROM (SELECT DISTINCT unnest(keys) AS key FROM rest_line) asked
     CROSS JOIN LATERAL (
        SELECT max(latest_on) AS latest_on, count(*) AS n
          FROM (SELECT latest_on
                  FROM (SELECT * FROM reconciliation_expectation
                         WHERE keys @> ARRAY[asked.key COLLATE "default"]::varchar[] OFFSET 0) item
                 WHERE account_id = $1 AND id NOT IN (SELECT id FROM given_item) LIMIT 21) few) named
     WHERE named.n BETWEEN 1 AND 20) taken USING (key)
 WHERE taken.latest_on > line.booked_on - 60
