-- What the engine found, as matches to be written. Their ids rise with their lines: after the time six digits
-- count, ten are made of the run's secret; rows and indexes are then written in the order in which they lie.
SELECT %(prefix)s || upper(lpad(to_hex(row_number() OVER (ORDER BY no)), 6, '0')
           || right(md5(%(secret)s || no), 10)) AS public_id,
       pass_name, score, to_jsonb(reasons) AS reasons, considered, line_ids,
       item_ids,
       CASE WHEN fee <> 0 THEN ARRAY['fee.merchant'] ELSE ARRAY[]::text[] END
           || CASE WHEN difference <> 0 THEN ARRAY[role] ELSE ARRAY[]::text[] END AS roles,
       CASE WHEN fee <> 0 THEN ARRAY[fee] ELSE ARRAY[]::bigint[] END
           || CASE WHEN difference <> 0 THEN ARRAY[difference] ELSE ARRAY[]::bigint[] END AS amounts,
       CASE WHEN fee <> 0 THEN ARRAY[''] ELSE ARRAY[]::text[] END
           || CASE WHEN difference <> 0 THEN ARRAY[''] ELSE ARRAY[]::text[] END AS adjustment_references,
       coalesce(one.booked_on, several.booked_on) AS effective_on
  FROM answer
  LEFT JOIN given_line one ON cardinality(line_ids) = 1 AND one.id = line_ids[1]
  LEFT JOIN (SELECT no, max(booked_on) AS booked_on
               FROM (SELECT no, unnest(line_ids) AS line FROM answer WHERE cardinality(line_ids) > 1) part
               JOIN given_line ON given_line.id = part.line GROUP BY no) several USING (no)
