CREATE OR REPLACE FUNCTION reconciliation_check_part_counts() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
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
