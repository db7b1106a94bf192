-- Keys as 64-bit hashes within their account and currency: h alone says who is named, ha with the amount.
CREATE TEMP TABLE line_key ON COMMIT DROP AS
SELECT line.id AS line, hashtextextended(key, scope) AS h,
       hashtextextended(key, scope) # hashint8extended(amount, 7) AS ha
  FROM given_line line, unnest(keys) key WHERE NOT is_settled;
CREATE TEMP TABLE unit_key ON COMMIT DROP AS
SELECT unit.id AS unit, hashtextextended(key, scope) AS h,
       hashtextextended(key, scope) # hashint8extended(amount, 7) AS ha,
       CASE WHEN fee <> 0 THEN hashtextextended(key, scope) # hashint8extended(amount - fee, 7) END AS net_ha
  FROM unit, unnest(keys) key;
-- A key that many lines or units share names nobody.
CREATE TEMP TABLE common_key ON COMMIT DROP AS
SELECT h FROM line_key GROUP BY h HAVING count(*) > 20
 UNION SELECT h FROM unit_key GROUP BY h HAVING count(*) > 200;
ANALYZE line_key; ANALYZE unit_key; ANALYZE common_key;
DELETE FROM line_key USING common_key WHERE common_key.h = line_key.h;
DELETE FROM unit_key USING common_key WHERE common_key.h = unit_key.h
