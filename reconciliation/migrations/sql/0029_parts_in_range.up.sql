-- Parts belong to matches of their own statement. These are looked up between two known ids: joined to a question for
-- the ids, the parts of a small run were compared with all matches there are.
CREATE OR REPLACE FUNCTION reconciliation_check_part_counts() RETURNS trigger LANGUAGE plpgsql
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
