-- What matches by reference taught, the newest first, without those that a person took apart, whatever became of their
-- lines. A line without a name goes by its text: by a name in it, or by how it is written (rules/known_items.py).
WITH newest AS MATERIALIZED (
    SELECT line_kind, who, unit_kind, payer, lag, count
      FROM (SELECT * FROM reconciliation_matchfact WHERE account_id = $1 ORDER BY id DESC LIMIT 5000) kept
), taken_back AS MATERIALIZED (
    SELECT lower(line.code) AS line_kind, item.kind AS unit_kind, item.payer, line.booked_on - item.expected_on AS lag,
           upper(regexp_replace(normalize(line.counterparty, NFKD), '[^A-Za-z]+', '', 'g')) AS name,
           upper(regexp_replace(normalize(regexp_replace(line.description, '\S*[0-9]\S*', ' ', 'g'), NFKD),
                                '[^A-Za-z]+', '', 'g')) AS said
      FROM reconciliation_matchundo undo
     CROSS JOIN LATERAL (SELECT id FROM reconciliation_match
                          WHERE id = undo.match_id AND account_id = $1 AND line_count = 1 AND item_count = 1
                            -- Those of the search score less: they taught nothing.
                            AND pass_name IN ('reference', 'reference_normalised') AND score > 90 OFFSET 0) made
     CROSS JOIN LATERAL (SELECT line_id FROM reconciliation_matchline WHERE match_id = made.id OFFSET 0) one
     CROSS JOIN LATERAL (SELECT * FROM reconciliation_statementline WHERE id = one.line_id OFFSET 0) line
     CROSS JOIN LATERAL (SELECT expectation_id FROM reconciliation_matchitem WHERE match_id = made.id OFFSET 0) other
     CROSS JOIN LATERAL (SELECT * FROM reconciliation_expectation WHERE id = other.expectation_id OFFSET 0) item
), like_them AS MATERIALIZED (
    SELECT DISTINCT line_kind, who, unit_kind, payer, lag FROM newest
     WHERE (line_kind, unit_kind, payer, lag) IN (SELECT line_kind, unit_kind, payer, lag FROM taken_back)
)
INSERT INTO given_fact
TABLE newest
UNION ALL
SELECT line_kind, fact.who, unit_kind, payer, lag, -1
  FROM taken_back CROSS JOIN LATERAL (
    SELECT who FROM like_them fact
     WHERE (fact.line_kind, fact.unit_kind, fact.payer, fact.lag)
         = (taken_back.line_kind, taken_back.unit_kind, taken_back.payer, taken_back.lag)
       AND (who = name OR name = '' AND (who = '~' || left(said, 140) OR position(who IN said) > 0))
     ORDER BY length(who) DESC, who LIMIT 1) fact
