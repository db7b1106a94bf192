-- What this run's matches by reference taught: of many the commonest, and these last, because later runs read from the end.
SELECT * FROM (
    SELECT line_kind, who, unit_kind, payer, lag, count(*) AS n
      FROM (SELECT line_kind, unit_kind, lonely_hit.payer, lag,
                   -- How one line alone is written, of which nobody knows who pays, is nothing to learn.
                   CASE WHEN starts_with(who, '~') AND lonely_hit.payer = '' AND count(*) OVER (PARTITION BY who) = 1
                        THEN '' ELSE who END AS who
              FROM lonely_hit JOIN unit ON unit.id = lonely_hit.unit
             WHERE unit.n = 1) hit
     GROUP BY line_kind, who, unit_kind, payer, lag
     ORDER BY n DESC, line_kind, who, unit_kind, payer, lag LIMIT 5000) commonest
 ORDER BY n, line_kind DESC, who DESC, unit_kind DESC, payer DESC, lag DESC
