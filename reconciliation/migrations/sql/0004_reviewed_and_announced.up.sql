-- A bank reconciliation is reviewed by another person than who prepared it.
CREATE FUNCTION reconciliation_check_review() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM reconciliation_preparedreconciliation prepared
                WHERE prepared.id = NEW.prepared_id AND prepared.prepared_by_id = NEW.reviewed_by_id) THEN
        RAISE EXCEPTION 'a bank reconciliation is reviewed by another person than who prepared it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconciliation_reconciliationreview_two_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_reconciliationreview_checked BEFORE INSERT ON reconciliation_reconciliationreview
    FOR EACH ROW EXECUTE FUNCTION reconciliation_check_review();

-- What a bank announced and never booked has a kind of its own; its sentence had told it from what does not join.
UPDATE reconciliation_discrepancy SET kind = 'STATEMENT_ANNOUNCED'
 WHERE kind = 'STATEMENT_GAP' AND reasons <> '[]'
   AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(reasons) told WHERE told NOT LIKE '% is on no statement.');
-- Where both stood in one that waits, the next night tells the announcement in its own.
UPDATE reconciliation_discrepancy SET reasons = (
       SELECT jsonb_agg(told ORDER BY nth) FROM jsonb_array_elements_text(reasons) WITH ORDINALITY each (told, nth)
        WHERE told NOT LIKE '% is on no statement.')
 WHERE kind = 'STATEMENT_GAP' AND state <> 'APPROVED'
   AND EXISTS (SELECT FROM jsonb_array_elements_text(reasons) told WHERE told LIKE '% is on no statement.');
