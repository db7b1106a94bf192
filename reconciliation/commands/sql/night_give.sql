-- As give.sql and give_facts.sql give what is open, what an open line may repeat, and what was learnt.
INSERT INTO given_line
SELECT * FROM night_line WHERE scope = %(scope)s AND booked_on <= %(day)s AND NOT is_settled;
INSERT INTO given_line
SELECT * FROM night_line
 WHERE scope = %(scope)s AND is_settled AND booked_on >= (SELECT min(booked_on) - 30 FROM given_line)
   AND ((bank_reference, amount) IN (SELECT bank_reference, amount FROM given_line WHERE bank_reference <> '')
        OR (keys, amount) IN (SELECT keys, amount FROM given_line WHERE keys <> '{}'));
INSERT INTO given_item
SELECT id, scope, kind, expected_on, earliest_on, latest_on, amount, fee, payer, terminal, batch, refs, keys, shared
  FROM night_item
 WHERE scope = %(scope)s AND least(expected_on, earliest_on) <= %(day)s AND NOT is_settled;
INSERT INTO given_fact TABLE night_name;
INSERT INTO given_fact
SELECT line_kind, who, unit_kind, payer, lag, n FROM night_fact
 WHERE scope = %(scope)s ORDER BY night DESC, n DESC, line_kind, who, unit_kind, payer, lag LIMIT 5000
