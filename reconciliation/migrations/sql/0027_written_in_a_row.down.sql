-- As in 0023_checked_in_a_row.up.sql.
CREATE OR REPLACE FUNCTION reconciliation_check_matches() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_nestloop = off SET jit = off AS $$
DECLARE
    wrong record;
    first_id bigint;
    last_id bigint;
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT account_id FROM made) said
                WHERE NOT EXISTS (SELECT FROM reconciliation_bankaccount WHERE id = said.account_id))
       OR EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM made WHERE run_id IS NOT NULL) said
                   WHERE NOT EXISTS (SELECT FROM reconciliation_matchrun WHERE id = said.run_id)) THEN
        RAISE EXCEPTION 'a match names an account or a run that does not exist'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'reconciliation_match_account_run';
    END IF;
    SELECT min(id), max(id) INTO first_id, last_id FROM made;
    SELECT made.public_id, lines.total AS lines, items.total AS items, adjustments.total AS adjustments
      INTO wrong
      FROM made
      LEFT JOIN (
        SELECT match_id, count(*), sum(line.amount_minor) AS total
          FROM reconciliation_matchline part
         CROSS JOIN LATERAL (SELECT amount_minor FROM reconciliation_statementline
                              WHERE id = part.line_id OFFSET 0) line
         WHERE match_id BETWEEN first_id AND last_id GROUP BY match_id) lines ON lines.match_id = made.id
      LEFT JOIN (
        SELECT match_id, count(*), sum(item.amount_minor) AS total
          FROM reconciliation_matchitem part
         CROSS JOIN LATERAL (SELECT amount_minor FROM reconciliation_expectation
                              WHERE id = part.expectation_id OFFSET 0) item
         WHERE match_id BETWEEN first_id AND last_id GROUP BY match_id) items ON items.match_id = made.id
      LEFT JOIN (
        SELECT match_id, count(*), sum(amount_minor) AS total
          FROM reconciliation_matchadjustment
         WHERE match_id BETWEEN first_id AND last_id GROUP BY match_id) adjustments ON adjustments.match_id = made.id
     WHERE made.line_count + made.item_count = 0
        OR made.line_count <> coalesce(lines.count, 0)
        OR made.item_count <> coalesce(items.count, 0)
        OR made.adjustment_count <> coalesce(adjustments.count, 0)
        OR coalesce(lines.total, 0) + coalesce(adjustments.total, 0) <> coalesce(items.total, 0)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'match % does not balance: lines % + adjustments % against items %',
            wrong.public_id, wrong.lines, wrong.adjustments, wrong.items
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconciliation_match_balances';
    END IF;
    RETURN NULL;
END $$;

-- The header says how many parts it has: one more is refused, and so is a part without a header.
CREATE OR REPLACE FUNCTION reconciliation_check_part_counts() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_nestloop = off SET jit = off AS $$
DECLARE
    is_wrong boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM added) THEN
        RETURN NULL;
    END IF;
    EXECUTE format(
        'SELECT EXISTS (
             SELECT FROM (SELECT match_id, count(*) AS parts FROM %1$I
                           WHERE match_id BETWEEN said.first_id AND said.last_id GROUP BY match_id) counted
               LEFT JOIN reconciliation_match made
                 ON made.id = counted.match_id AND made.id BETWEEN said.first_id AND said.last_id
              WHERE made.id IS NULL OR counted.parts > made.%2$I)
           FROM (SELECT min(match_id) AS first_id, max(match_id) AS last_id FROM added) said',
        TG_TABLE_NAME, TG_ARGV[0]) INTO is_wrong;
    IF is_wrong THEN
        RAISE EXCEPTION 'nothing is added to a match after it was made'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

-- What settles is found by its key, whatever a plan that was made for another number of rows says.
CREATE OR REPLACE FUNCTION reconciliation_line_settles() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
    DELETE FROM reconciliation_openline open USING added WHERE open.line_id = added.line_id AND added.undo_id IS NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION reconciliation_item_settles() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
    DELETE FROM reconciliation_openitem open USING added
     WHERE open.expectation_id = added.expectation_id AND added.undo_id IS NULL;
    RETURN NULL;
END $$;
ALTER FUNCTION reconciliation_line_opens_again() RESET enable_seqscan;
ALTER FUNCTION reconciliation_line_opens_again() RESET enable_hashjoin;
ALTER FUNCTION reconciliation_line_opens_again() RESET enable_mergejoin;
ALTER FUNCTION reconciliation_item_opens_again() RESET enable_seqscan;
ALTER FUNCTION reconciliation_item_opens_again() RESET enable_hashjoin;
ALTER FUNCTION reconciliation_item_opens_again() RESET enable_mergejoin;
ALTER FUNCTION reconciliation_item_changes() RESET enable_seqscan;
ALTER FUNCTION reconciliation_item_changes() RESET enable_hashjoin;
ALTER FUNCTION reconciliation_item_changes() RESET enable_mergejoin;
