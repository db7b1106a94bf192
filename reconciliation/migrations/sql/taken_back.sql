REVOKE UPDATE, DELETE, TRUNCATE ON reconciliation_takenback FROM {app};

-- A match takes one earlier match of its account back: once, of the opposite amount, and never one that does so itself.
CREATE FUNCTION reconciliation_takes_back_once() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('reconciliation_takenback', NEW.original_id));
    IF EXISTS (SELECT FROM reconciliation_takenback other
                WHERE other.original_id = NEW.original_id
                  AND NOT EXISTS (SELECT FROM reconciliation_matchundo WHERE match_id = other.match_id))
       OR EXISTS (SELECT FROM reconciliation_matchundo WHERE match_id = NEW.original_id)
       OR EXISTS (SELECT FROM reconciliation_takenback WHERE match_id = NEW.original_id)
       OR (SELECT count(*) <> 1 OR sum(said.minor) <> 0
             FROM (SELECT taking.account_id, sum(line.amount_minor) AS minor
                     FROM reconciliation_match taking
                     JOIN reconciliation_matchline part ON part.match_id = taking.id
                     JOIN reconciliation_statementline line ON line.id = part.line_id
                    WHERE taking.id IN (NEW.match_id, NEW.original_id) GROUP BY taking.account_id) said) THEN
        RAISE EXCEPTION 'a match is taken back once, by one of its account with the opposite amount'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_takenback_once BEFORE INSERT ON reconciliation_takenback
    FOR EACH ROW EXECUTE FUNCTION reconciliation_takes_back_once();
