-- What the engine found, as matches to be written. Their ids rise with their lines: after the time six digits
-- count, ten are random; rows and indexes are then written in the order in which they lie.
CREATE TEMP TABLE proposed ON COMMIT DROP AS
SELECT %(prefix)s || upper(lpad(to_hex(row_number() OVER (ORDER BY line_ids)), 6, '0')
           || right(gen_random_uuid()::text, 10)) AS public_id,
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
