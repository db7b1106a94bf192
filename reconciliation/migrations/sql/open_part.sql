REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON reconciliation_openline, reconciliation_openitem FROM {app};

-- What is open is kept by the owner's functions, in the transaction that changes it. The application can only read it.
CREATE FUNCTION reconciliation_line_opens() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO reconciliation_openline (line_id, account_id) SELECT id, account_id FROM added ORDER BY id;
    RETURN NULL;
END $$;
CREATE TRIGGER reconciliation_line_opens AFTER INSERT ON reconciliation_statementline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_line_opens();

-- A part is written before its match can be undone. What settles is found by one sorted list of keys, whatever a plan
-- that was made for another number of rows says.
CREATE FUNCTION reconciliation_line_settles() RETURNS trigger LANGUAGE plpgsql
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
CREATE TRIGGER reconciliation_line_settles AFTER INSERT ON reconciliation_matchline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_line_settles();

CREATE FUNCTION reconciliation_line_opens_again() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO reconciliation_openline (line_id, account_id)
    SELECT line.id, line.account_id
      FROM changed JOIN reconciliation_statementline line ON line.id = changed.line_id
     WHERE changed.undo_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM reconciliation_matchline part
                        WHERE part.line_id = line.id AND part.undo_id IS NULL)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER reconciliation_line_opens_again AFTER UPDATE ON reconciliation_matchline
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_line_opens_again();

CREATE FUNCTION reconciliation_item_opens() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO reconciliation_openitem (expectation_id, account_id)
    SELECT id, account_id FROM added WHERE account_id IS NOT NULL AND withdrawn_at IS NULL ORDER BY id;
    RETURN NULL;
END $$;
CREATE TRIGGER reconciliation_item_opens AFTER INSERT ON reconciliation_expectation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_item_opens();

CREATE FUNCTION reconciliation_item_changes() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off AS $$
BEGIN
    DELETE FROM reconciliation_openitem open USING changed
     WHERE open.expectation_id = changed.id AND changed.withdrawn_at IS NOT NULL;
    INSERT INTO reconciliation_openitem (expectation_id, account_id)
    SELECT id, account_id FROM changed
     WHERE account_id IS NOT NULL AND withdrawn_at IS NULL
       AND NOT EXISTS (SELECT FROM reconciliation_matchitem part
                        WHERE part.expectation_id = changed.id AND part.undo_id IS NULL)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER reconciliation_item_changes AFTER UPDATE ON reconciliation_expectation
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_item_changes();

CREATE FUNCTION reconciliation_item_settles() RETURNS trigger LANGUAGE plpgsql
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
CREATE TRIGGER reconciliation_item_settles AFTER INSERT ON reconciliation_matchitem
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_item_settles();

CREATE FUNCTION reconciliation_item_opens_again() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO reconciliation_openitem (expectation_id, account_id)
    SELECT item.id, item.account_id
      FROM changed JOIN reconciliation_expectation item ON item.id = changed.expectation_id
     WHERE changed.undo_id IS NOT NULL AND item.account_id IS NOT NULL AND item.withdrawn_at IS NULL
       AND NOT EXISTS (SELECT FROM reconciliation_matchitem part
                        WHERE part.expectation_id = item.id AND part.undo_id IS NULL)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER reconciliation_item_opens_again AFTER UPDATE ON reconciliation_matchitem
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_item_opens_again();
