-- The same rules as before, found with less reading. What settles is looked up by one sorted list of keys, which walks
-- along the index once. The amounts behind a match's parts are read by such a list too.
CREATE OR REPLACE FUNCTION reconciliation_check_matches() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_nestloop = off SET jit = off AS $$
DECLARE
    wrong record;
    first_id bigint;
    last_id bigint;
    line_ids bigint[];
    item_ids bigint[];
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT account_id FROM made) said
                WHERE NOT EXISTS (SELECT FROM reconciliation_bankaccount WHERE id = said.account_id))
       OR EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM made WHERE run_id IS NOT NULL) said
                   WHERE NOT EXISTS (SELECT FROM reconciliation_matchrun WHERE id = said.run_id)) THEN
        RAISE EXCEPTION 'a match names an account or a run that does not exist'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'reconciliation_match_account_run';
    END IF;
    SELECT min(id), max(id) INTO first_id, last_id FROM made;
    line_ids := ARRAY(SELECT line_id FROM reconciliation_matchline WHERE match_id BETWEEN first_id AND last_id);
    item_ids := ARRAY(SELECT expectation_id FROM reconciliation_matchitem WHERE match_id BETWEEN first_id AND last_id);
    SELECT made.public_id, lines.total AS lines, items.total AS items, adjustments.total AS adjustments
      INTO wrong
      FROM made
      LEFT JOIN (
        SELECT match_id, count(*), sum(line.amount_minor) AS total
          FROM reconciliation_matchline part
          JOIN (SELECT id, amount_minor FROM reconciliation_statementline
                 WHERE id = ANY (line_ids) OFFSET 0) line ON line.id = part.line_id
         WHERE match_id BETWEEN first_id AND last_id GROUP BY match_id) lines ON lines.match_id = made.id
      LEFT JOIN (
        SELECT match_id, count(*), sum(item.amount_minor) AS total
          FROM reconciliation_matchitem part
          JOIN (SELECT id, amount_minor FROM reconciliation_expectation
                 WHERE id = ANY (item_ids) OFFSET 0) item ON item.id = part.expectation_id
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

-- Nothing is added to a match after it was made: the statement that writes a part is the one that wrote its match,
-- as both rows say (transaction and command), and at its end the check above counts what belongs to the match.
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
             SELECT FROM added
               LEFT JOIN reconciliation_match made
                 ON made.id = added.match_id AND made.id BETWEEN said.first_id AND said.last_id
                AND made.xmin = said.writer AND made.cmin = said.command
              WHERE made.id IS NULL)
           FROM (SELECT min(match_id) AS first_id, max(match_id) AS last_id, max(id) AS newest FROM added) ids
          CROSS JOIN LATERAL (SELECT ids.*, part.xmin AS writer, part.cmin AS command
                                FROM %I part WHERE part.id = ids.newest) said',
        TG_TABLE_NAME) INTO is_wrong;
    IF is_wrong IS DISTINCT FROM false THEN
        RAISE EXCEPTION 'nothing is added to a match after it was made'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

-- A part is written before its match can be undone.
CREATE OR REPLACE FUNCTION reconciliation_line_settles() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET jit = off AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE undo_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a part of a new match is not undone yet'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reconciliation_matchline_undone_later';
    END IF;
    DELETE FROM reconciliation_openline WHERE line_id = ANY (ARRAY(SELECT line_id FROM added));
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION reconciliation_item_settles() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET jit = off AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE undo_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a part of a new match is not undone yet'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reconciliation_matchitem_undone_later';
    END IF;
    DELETE FROM reconciliation_openitem WHERE expectation_id = ANY (ARRAY(SELECT expectation_id FROM added));
    RETURN NULL;
END $$;

-- A plan that a connection made while tables were small would read all of them for each undo: found by key instead.
ALTER FUNCTION reconciliation_line_opens_again() SET enable_seqscan = off;
ALTER FUNCTION reconciliation_line_opens_again() SET enable_hashjoin = off;
ALTER FUNCTION reconciliation_line_opens_again() SET enable_mergejoin = off;
ALTER FUNCTION reconciliation_item_opens_again() SET enable_seqscan = off;
ALTER FUNCTION reconciliation_item_opens_again() SET enable_hashjoin = off;
ALTER FUNCTION reconciliation_item_opens_again() SET enable_mergejoin = off;
ALTER FUNCTION reconciliation_item_changes() SET enable_seqscan = off;
ALTER FUNCTION reconciliation_item_changes() SET enable_hashjoin = off;
ALTER FUNCTION reconciliation_item_changes() SET enable_mergejoin = off;
