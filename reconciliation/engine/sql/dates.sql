-- A day that a text mentions names nobody. Left among the keys it would name everything of that day, and forbid what
-- only its amount can prove. A number is a day when it is one within a fortnight of the line's or the item's own.
INSERT INTO date_key
SELECT ltrim(to_char(day, pattern), '0'), day::date
  FROM (SELECT min(first_on) - 15 AS first_on, max(last_on) + 15 AS last_on FROM (
            SELECT min(booked_on) AS first_on, max(booked_on) AS last_on FROM given_line
             UNION ALL SELECT min(expected_on), max(expected_on) FROM given_item) each) span,
       generate_series(first_on, last_on, '1 day') day,
       unnest(ARRAY['YYYYMMDD', 'YYMMDD', 'MMDDYYYY', 'DDMMYYYY', 'MMDDYY', 'DDMMYY', 'MMDD', 'YYYYDDD', 'YYDDD',
                    'FMDDMONYYYY', 'FMDDMONYY', 'FMDDMON', 'MONFMDD', 'MONFMDDYYYY']) pattern;
UPDATE given_line line
   SET keys = ARRAY(SELECT key FROM unnest(keys) WITH ORDINALITY said(key, place) WHERE key <> ALL (days) ORDER BY place)
  FROM (SELECT id, array_agg(key) AS days FROM given_line, unnest(keys) key JOIN date_key USING (key)
         WHERE day BETWEEN booked_on - 14 AND booked_on + 14 GROUP BY id) dated
 WHERE dated.id = line.id;
UPDATE given_item item
   SET keys = ARRAY(SELECT key FROM unnest(keys) WITH ORDINALITY said(key, place) WHERE key <> ALL (days) ORDER BY place)
  FROM (SELECT id, array_agg(key) AS days FROM given_item, unnest(keys) key JOIN date_key USING (key)
         WHERE day BETWEEN expected_on - 14 AND expected_on + 14 GROUP BY id) dated
 WHERE dated.id = item.id
