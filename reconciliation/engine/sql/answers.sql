-- Each answer with the items of its units.
INSERT INTO answer
SELECT found.*, coalesce(one.members, several.item_ids, ARRAY[]::bigint[])
  FROM found
  LEFT JOIN unit one ON cardinality(unit_ids) = 1 AND one.id = unit_ids[1]
  LEFT JOIN (
    SELECT no, array_agg(member ORDER BY member) AS item_ids
      FROM (SELECT no, unnest(unit_ids) AS unit FROM found WHERE cardinality(unit_ids) > 1) part
      JOIN unit ON unit.id = part.unit, unnest(unit.members) member
     GROUP BY no) several USING (no)
