REVOKE UPDATE, DELETE, TRUNCATE ON reconciliation_sweep FROM {app};

-- A sweep is one line out of one account and one of the same amount into another.
CREATE FUNCTION reconciliation_sweep_opposite() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM reconciliation_match one JOIN reconciliation_matchline out_part ON out_part.match_id = one.id
          JOIN reconciliation_statementline gone ON gone.id = out_part.line_id,
               reconciliation_match two JOIN reconciliation_matchline in_part ON in_part.match_id = two.id
          JOIN reconciliation_statementline came ON came.id = in_part.line_id
         WHERE one.id = NEW.outgoing_id AND two.id = NEW.incoming_id AND one.account_id <> two.account_id
           AND (one.line_count, one.item_count, two.line_count, two.item_count) = (1, 0, 1, 0)
           AND gone.currency = came.currency AND gone.amount_minor < 0
           AND gone.amount_minor = -came.amount_minor) THEN
        RAISE EXCEPTION 'a sweep is one line out of an account and the same amount into another'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_sweep_opposite BEFORE INSERT ON reconciliation_sweep
    FOR EACH ROW EXECUTE FUNCTION reconciliation_sweep_opposite();

-- Both of its matches are undone in one transaction, or neither.
CREATE FUNCTION reconciliation_sweep_undone_whole() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reconciliation_sweep sweep
         WHERE NEW.match_id IN (sweep.outgoing_id, sweep.incoming_id)
           AND (SELECT count(*) FROM reconciliation_matchundo
                 WHERE match_id IN (sweep.outgoing_id, sweep.incoming_id)) <> 2) THEN
        RAISE EXCEPTION 'both matches of a sweep are undone, or neither'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reconciliation_sweep_undone_whole AFTER INSERT ON reconciliation_matchundo
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION reconciliation_sweep_undone_whole();
