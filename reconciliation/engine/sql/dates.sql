-- A day that a text mentions names nobody. Left among the keys it would name everything of that day, and forbid what
-- only its amount can prove. A number is a day when it is one within a fortnight of the line's or the item's own.
INSERT INTO date_key
SELECT ltrim(to_char(day, pattern), '0'), day
  FROM (SELECT DISTINCT day + away AS day
          FROM (SELECT booked_on AS day FROM given_line UNION SELECT expected_on FROM given_item) each,
               generate_series(-14, 14) away) near,
       unnest(ARRAY['YYYYMMDD', 'YYMMDD', 'MMDDYYYY', 'DDMMYYYY', 'MMDDYY', 'DDMMYY', 'MMDD', 'YYYYDDD', 'YYDDD',
                    'FMDDMONYYYY', 'FMDDMONYY', 'FMDDMON', 'MONFMDD', 'MONFMDDYYYY']) pattern;
UPDATE given_line line
   SET keys = ARRAY(SELECT key FROM unnest(keys) WITH ORDINALITY said(key, place) WHERE key <> ALL (days) ORDER BY place)
  FROM (SELECT id, array_agg(key) AS days
          FROM (SELECT id, booked_on, unnest(keys) AS key FROM given_line) said JOIN date_key USING (key)
         WHERE day BETWEEN booked_on - 14 AND booked_on + 14 GROUP BY id) dated
 WHERE dated.id = line.id;
UPDATE given_item item
   SET keys = ARRAY(SELECT key FROM unnest(keys) WITH ORDINALITY said(key, place) WHERE key <> ALL (days) ORDER BY place)
  FROM (SELECT id, array_agg(key) AS days
          FROM (SELECT id, expected_on, unnest(keys) AS key FROM given_item) said JOIN date_key USING (key)
         WHERE day BETWEEN expected_on - 14 AND expected_on + 14 GROUP BY id) dated
 WHERE dated.id = item.id
