-- As tell_taken.sql, of what earlier nights settled.
INSERT INTO taken_line
SELECT DISTINCT line.id
  FROM rest_line line CROSS JOIN LATERAL unnest(line.keys) said (key)
  JOIN (SELECT asked.key, max(coalesce(latest_on, expected_on)) AS latest_on
          FROM (SELECT DISTINCT unnest(keys) AS key FROM rest_line) asked
          JOIN night_item item ON item.keys @> ARRAY[asked.key]
         WHERE item.scope = %(scope)s AND item.is_settled
         GROUP BY asked.key HAVING count(*) <= 20) taken USING (key)
 WHERE taken.latest_on > line.booked_on - 60
