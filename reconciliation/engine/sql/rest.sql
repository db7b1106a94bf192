-- What the references did not settle, and who names whom among it: the search per account starts from here.
INSERT INTO rest_line
SELECT line.* FROM given_line line
 WHERE NOT is_settled AND NOT EXISTS (SELECT FROM found_line WHERE found_line.id = line.id);
INSERT INTO rest_unit
SELECT unit.* FROM unit WHERE NOT EXISTS (SELECT FROM found_unit WHERE found_unit.id = unit.id);
-- A reference names something when its units lie close together; what comes again for weeks is a payer's number.
WITH naming_key AS MATERIALIZED (
    SELECT h FROM unit_key JOIN unit ON unit.id = unit_key.unit
     WHERE h IN (SELECT h FROM line_key JOIN rest_line ON rest_line.id = line_key.line
                  UNION SELECT h FROM unit_key JOIN rest_unit ON rest_unit.id = unit_key.unit)
     GROUP BY h HAVING max(last_on) - min(first_on) <= 5
)
INSERT INTO rest_named
SELECT DISTINCT line, unit FROM (
    SELECT line_key.line, unit_key.unit
      FROM line_key JOIN rest_line ON rest_line.id = line_key.line JOIN naming_key USING (h) JOIN unit_key USING (h)
    UNION ALL
    SELECT line_key.line, unit_key.unit
      FROM unit_key JOIN rest_unit ON rest_unit.id = unit_key.unit JOIN naming_key USING (h)
      JOIN line_key USING (h)) pair
