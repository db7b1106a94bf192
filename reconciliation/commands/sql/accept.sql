-- What the engine found, as matches to be written.
CREATE TEMP TABLE proposed ON COMMIT DROP AS
SELECT %(prefix)s || upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)) AS public_id,
       pass_name, score, to_jsonb(reasons) AS reasons, considered, line_ids,
       item_ids,
       CASE WHEN fee <> 0 THEN ARRAY['fee.merchant'] ELSE ARRAY[]::text[] END
           || CASE WHEN difference <> 0 THEN ARRAY[role] ELSE ARRAY[]::text[] END AS roles,
       CASE WHEN fee <> 0 THEN ARRAY[fee] ELSE ARRAY[]::bigint[] END
           || CASE WHEN difference <> 0 THEN ARRAY[difference] ELSE ARRAY[]::bigint[] END AS amounts,
       CASE WHEN fee <> 0 THEN ARRAY[''] ELSE ARRAY[]::text[] END
           || CASE WHEN difference <> 0 THEN ARRAY[''] ELSE ARRAY[]::text[] END AS adjustment_references,
       effective_on
  FROM answer
  JOIN (SELECT no, max(booked_on) AS effective_on
          FROM (SELECT no, unnest(line_ids) AS line FROM answer) part JOIN given_line ON given_line.id = part.line
         GROUP BY no) dated USING (no)
