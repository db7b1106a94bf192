-- The same checks, each row found by its key. A plan for a set of unknown size read all lines, items and matches
-- there are for each account that was matched; one made while a table was small read all of it for each row.
CREATE OR REPLACE FUNCTION reconciliation_check_matches() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off AS $$
DECLARE
    wrong record;
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT account_id FROM made) said
                WHERE NOT EXISTS (SELECT FROM reconciliation_bankaccount WHERE id = said.account_id))
       OR EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM made WHERE run_id IS NOT NULL) said
                   WHERE NOT EXISTS (SELECT FROM reconciliation_matchrun WHERE id = said.run_id)) THEN
        RAISE EXCEPTION 'a match names an account or a run that does not exist'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'reconciliation_match_account_run';
    END IF;
    SELECT made.public_id, lines.total AS lines, items.total AS items, adjustments.total AS adjustments
      INTO wrong
      FROM made
     CROSS JOIN LATERAL (
        SELECT count(*), sum(line.amount_minor) AS total
          FROM (SELECT line_id FROM reconciliation_matchline WHERE match_id = made.id OFFSET 0) part
         CROSS JOIN LATERAL (SELECT amount_minor FROM reconciliation_statementline
                              WHERE id = part.line_id OFFSET 0) line) lines
     CROSS JOIN LATERAL (
        SELECT count(*), sum(item.amount_minor) AS total
          FROM (SELECT expectation_id FROM reconciliation_matchitem WHERE match_id = made.id OFFSET 0) part
         CROSS JOIN LATERAL (SELECT amount_minor FROM reconciliation_expectation
                              WHERE id = part.expectation_id OFFSET 0) item) items
     CROSS JOIN LATERAL (
        SELECT count(*), sum(amount_minor) AS total
          FROM (SELECT amount_minor FROM reconciliation_matchadjustment
                 WHERE match_id = made.id OFFSET 0) part) adjustments
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
    SET enable_seqscan = off AS $$
DECLARE
    is_wrong boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (
             SELECT FROM (SELECT DISTINCT match_id FROM added) said
               LEFT JOIN LATERAL (SELECT * FROM reconciliation_match WHERE id = said.match_id OFFSET 0) made ON true
              CROSS JOIN LATERAL (SELECT count(*) AS parts FROM %I WHERE match_id = said.match_id) counted
              WHERE made.id IS NULL OR counted.parts > made.%I)',
        TG_TABLE_NAME, TG_ARGV[0]) INTO is_wrong;
    IF is_wrong THEN
        RAISE EXCEPTION 'nothing is added to a match after it was made'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION reconciliation_line_settles() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM reconciliation_openline open USING added WHERE open.line_id = added.line_id AND added.undo_id IS NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION reconciliation_item_settles() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM reconciliation_openitem open USING added
     WHERE open.expectation_id = added.expectation_id AND added.undo_id IS NULL;
    RETURN NULL;
END $$;
