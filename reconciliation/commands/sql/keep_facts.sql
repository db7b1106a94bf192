-- What this run's matches by reference taught, the commonest first.
INSERT INTO reconciliation_matchfact (account_id, line_kind, who, unit_kind, payer, lag, count)
SELECT %(account)s, line_kind, who, unit_kind, lonely_hit.payer, lag, count(*)
  FROM lonely_hit JOIN unit ON unit.id = lonely_hit.unit
 WHERE unit.n = 1 GROUP BY line_kind, who, unit_kind, lonely_hit.payer, lag ORDER BY count(*) DESC LIMIT 5000
