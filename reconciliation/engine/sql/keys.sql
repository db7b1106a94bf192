-- Keys as 64-bit hashes within their account and currency: h alone says who is named, ha with the amount.
INSERT INTO line_key
SELECT id, h, h # hashint8extended(amount, 7)
  FROM (SELECT id, amount, hashtextextended(unnest(keys), scope) AS h FROM given_line WHERE NOT is_settled) said;
INSERT INTO unit_key
SELECT id, h, h # hashint8extended(amount, 7), CASE WHEN fee <> 0 THEN h # hashint8extended(amount - fee, 7) END
  FROM (SELECT id, amount, fee, hashtextextended(unnest(keys), scope) AS h FROM unit) said;
ANALYZE line_key; ANALYZE unit_key;
-- A key that many lines or units share names nobody.
INSERT INTO common_key
SELECT h FROM line_key GROUP BY h HAVING count(*) > 20
 UNION SELECT h FROM unit_key GROUP BY h HAVING count(*) > 200;
INSERT INTO line_sign
SELECT line, h FROM line_key WHERE h IN (TABLE common_key)
    OR h IN (SELECT hashtextextended(said, scope) FROM unit, unnest(shared) said WHERE said <> '');
DELETE FROM line_key USING common_key WHERE common_key.h = line_key.h;
DELETE FROM unit_key USING common_key WHERE common_key.h = unit_key.h
