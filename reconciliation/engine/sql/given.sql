-- What the engine is given. Whoever runs it fills these: from the stored tables, or from a bank's past files.
DROP TABLE IF EXISTS given_fact, known_fact, given_line, given_item, apart_pair, taken_line, batch_days, parted, unit, line_key, unit_key,
    common_key, rare_line, set_apart, found, hit, near_hit, lonely_hit, found_line, found_unit, shared_key, sum_hit, sum_part, lonely_sum, loose_item, loose_key,
    loose_hit, loose_unit, lonely_item, rest_line, rest_unit, naming_key, rest_named,
    answer;
-- scope: one account and currency. refs as written, keys normalised. is_settled: only there to be repeated.
CREATE TEMP TABLE given_line (
    id bigint, scope int, kind text COLLATE "C", booked_on date, amount bigint, who text COLLATE "C",
    bank_reference text COLLATE "C", refs text[] COLLATE "C", keys text[] COLLATE "C", is_settled boolean) ON COMMIT DROP;
-- shared: the payer's and the terminal's keys. earliest_on and latest_on may be empty: then they are learnt.
CREATE TEMP TABLE given_item (
    id bigint, scope int, kind text COLLATE "C", expected_on date, earliest_on date, latest_on date,
    amount bigint, fee bigint, payer text COLLATE "C", terminal text COLLATE "C", batch text COLLATE "C",
    refs text[] COLLATE "C", keys text[] COLLATE "C", shared text[] COLLATE "C") ON COMMIT DROP;
-- What earlier runs matched by reference, n times each: facts are learnt from these too.
CREATE TEMP TABLE given_fact (
    line_kind text COLLATE "C", who text COLLATE "C", unit_kind text COLLATE "C", payer text COLLATE "C",
    lag int, n int) ON COMMIT DROP;
-- What a person took apart, or rejected as a suggestion; and, told when the references are through, lines whose references name an item
-- that is settled already.
CREATE TEMP TABLE apart_pair (line bigint, item bigint, is_rejected boolean DEFAULT false) ON COMMIT DROP;
CREATE TEMP TABLE taken_line (line bigint) ON COMMIT DROP
