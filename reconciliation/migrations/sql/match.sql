REVOKE DELETE, TRUNCATE ON reconciliation_matchline, reconciliation_matchitem FROM {app};

-- One statement writes a match with all its parts; at its end counts and sums must hold:
-- lines + adjustments (debits positive) = expected items.
--
-- What a match and its parts point at is checked for all rows of a statement at once. None of it ever goes away:
-- matches and lines are append-only, and an expectation that was pulled stays.
--
-- The ids of what one statement makes lie in a row, so that its parts are read in a row too: one walk along an index
-- between the first and the last of them. What others make at the same moment lies in between and is passed over. The
-- amounts behind the parts are looked up by one sorted list of keys. The settings keep plans by key: one made while a
-- table was small would read all of it.
CREATE FUNCTION reconciliation_check_matches() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_nestloop = off SET jit = off
    SET search_path = pg_catalog, public, pg_temp AS $$
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
CREATE TRIGGER reconciliation_match_balances AFTER INSERT ON reconciliation_match
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_check_matches();

-- Nothing is added to a match after it was made: the statement that writes a part is the one that wrote its match, as
-- both rows say (transaction and command), and at its end the check above counts what belongs to the match. Matches
-- are looked up between two known ids: joined to a question for the ids, the parts of a small run would be compared
-- with all matches there are.
CREATE FUNCTION reconciliation_check_part_counts() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off SET enable_nestloop = off SET jit = off AS $$
DECLARE
    first_id bigint;
    last_id bigint;
    newest bigint;
    writer xid;
    command cid;
BEGIN
    SELECT min(match_id), max(match_id), max(id) INTO first_id, last_id, newest FROM added;
    IF newest IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT xmin, cmin FROM %I WHERE id = $1', TG_TABLE_NAME) INTO writer, command USING newest;
    IF EXISTS (
        SELECT FROM added
          LEFT JOIN reconciliation_match made
            ON made.id = added.match_id AND made.id BETWEEN first_id AND last_id
           AND made.xmin = writer AND made.cmin = command
         WHERE made.id IS NULL) THEN
        RAISE EXCEPTION 'nothing is added to a match after it was made'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reconciliation_matchline_counts AFTER INSERT ON reconciliation_matchline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_check_part_counts('line_count');
CREATE TRIGGER reconciliation_matchitem_counts AFTER INSERT ON reconciliation_matchitem
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_check_part_counts('item_count');
CREATE TRIGGER reconciliation_matchadjustment_counts AFTER INSERT ON reconciliation_matchadjustment
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION reconciliation_check_part_counts('adjustment_count');

-- A part changes in one way: it names the undoing of its own match, once.
CREATE FUNCTION reconciliation_only_undo() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.undo_id IS NOT NULL OR NEW.undo_id IS NULL
       OR to_jsonb(NEW) - 'undo_id' <> to_jsonb(OLD) - 'undo_id'
       OR NOT EXISTS (
            SELECT FROM reconciliation_matchundo undo
             WHERE undo.id = NEW.undo_id AND undo.match_id = NEW.match_id) THEN
        RAISE EXCEPTION 'a part of a match changes only when its match is undone'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_matchline_only_undo BEFORE UPDATE ON reconciliation_matchline
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_undo();
CREATE TRIGGER reconciliation_matchitem_only_undo BEFORE UPDATE ON reconciliation_matchitem
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_undo();

-- Whoever looks for a match's undoing starts from the match.
CREATE INDEX reconciliation_matchline_undone ON reconciliation_matchline (undo_id) WHERE undo_id IS NOT NULL;
CREATE INDEX reconciliation_matchitem_undone ON reconciliation_matchitem (undo_id) WHERE undo_id IS NOT NULL;
DROP INDEX reconciliation_match_public_id_ab489f9e_like;
