-- The working tables of a run. They belong to the connection, which makes them once; a run empties them at its end, by
-- itself: ON COMMIT DELETE ROWS would truncate every one of them and its TOAST table, full or not, which takes longer
-- than a small run. First what the engine is given: whoever runs it fills these, from the stored tables or from a
-- bank's past files.
-- scope: one account and currency. refs as written, keys normalised. is_settled: only there to be repeated. brands: the
-- card brands that it names; they are no keys, because they name nothing.
CREATE TEMP TABLE given_line (
    id bigint, scope int, kind text COLLATE "C", booked_on date, amount bigint, who text COLLATE "C",
    bank_reference text COLLATE "C", refs text[] COLLATE "C", keys text[] COLLATE "C", is_settled boolean,
    brands text[] COLLATE "C");
-- shared: the payer's and the terminal's keys, and the card brands if it names any. earliest_on and latest_on may be empty: then they are learnt.
CREATE TEMP TABLE given_item (
    id bigint, scope int, kind text COLLATE "C", expected_on date, earliest_on date, latest_on date,
    amount bigint, fee bigint, payer text COLLATE "C", terminal text COLLATE "C", batch text COLLATE "C",
    refs text[] COLLATE "C", keys text[] COLLATE "C", shared text[] COLLATE "C");
-- What earlier runs matched by reference, n times each: facts are learnt from these too.
CREATE TEMP TABLE given_fact (
    line_kind text COLLATE "C", who text COLLATE "C", unit_kind text COLLATE "C", payer text COLLATE "C",
    lag int, n int);
-- What a person took apart, or rejected as a suggestion; and, told when the references are through, lines whose
-- references name an item that is settled already.
CREATE TEMP TABLE apart_pair (line bigint, item bigint, is_rejected boolean DEFAULT false);
CREATE TEMP TABLE taken_line (line bigint);

-- What the passes make of it, each in the file of its name.
CREATE TEMP TABLE date_key (key text COLLATE "C", day date);
CREATE TEMP TABLE unit (
    id bigint, scope int, kind text COLLATE "C", payer text COLLATE "C", terminal text COLLATE "C",
    batch text COLLATE "C", amount bigint, fee bigint, first_on date, last_on date, earliest_on date, latest_on date,
    n int, keys text[] COLLATE "C", refs text[] COLLATE "C", shared text[] COLLATE "C", members bigint[]);
CREATE TEMP TABLE line_key (line bigint, h bigint, ha bigint);
CREATE TEMP TABLE unit_key (unit bigint, h bigint, ha bigint, net_ha bigint);
CREATE TEMP TABLE common_key (h bigint);
-- Numbers that name nobody by themselves, and still say who pays: of a payer, a terminal, or of many lines.
CREATE TEMP TABLE line_sign (line bigint, h bigint);
CREATE TEMP TABLE set_apart (id bigint, repeats_id bigint, is_equal boolean);
CREATE TEMP TABLE lonely_hit (
    line bigint, unit bigint, scope int, fee bigint, is_raw boolean, lag int, line_kind text COLLATE "C",
    unit_kind text COLLATE "C", who text COLLATE "C", payer text COLLATE "C");
-- An item of a batch that a line names and pays by itself; and lines that may pay something else as well: no pass takes them.
CREATE TEMP TABLE item_hit (line bigint, unit bigint, item bigint, is_net int);
CREATE TEMP TABLE rival_line (line bigint);
CREATE TEMP TABLE known_fact (
    line_kind text COLLATE "C", who text COLLATE "C", unit_kind text COLLATE "C", payer text COLLATE "C",
    lag int, n int);
CREATE TEMP TABLE found (
    no bigint GENERATED ALWAYS AS IDENTITY, pass_name text, score int, line_ids bigint[], unit_ids bigint[],
    fee bigint, difference bigint, role text, reasons text[], considered jsonb);
CREATE TEMP TABLE found_line (id bigint);
CREATE TEMP TABLE found_unit (id bigint);
CREATE TEMP TABLE rest_line (LIKE given_line);
CREATE TEMP TABLE rest_unit (LIKE unit);
CREATE TEMP TABLE rest_named (line bigint, unit bigint);
CREATE TEMP TABLE answer (
    no bigint, pass_name text, score int, line_ids bigint[], unit_ids bigint[], fee bigint, difference bigint,
    role text, reasons text[], considered jsonb, item_ids bigint[]);
-- What people are to be shown of the rest.
CREATE TEMP TABLE wanted_suggestion (
    line_id bigint, expectation_id bigint, pass_name text, score int, reasons jsonb, against text)
