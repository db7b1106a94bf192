REVOKE DELETE, TRUNCATE ON reconciliation_daycorrection FROM {app};

-- A correction is decided once; what was asked stays as it was. Once its period is closed a day is locked.
CREATE FUNCTION reconciliation_only_decide_day_correction() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    fate text[] := ARRAY['verdict', 'decided_by_id', 'decided_at'];
BEGIN
    IF OLD.verdict IS NOT NULL OR to_jsonb(NEW) - fate <> to_jsonb(OLD) - fate THEN
        RAISE EXCEPTION 'the correction of a day is decided once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.verdict = 'APPROVED'
       AND EXISTS (SELECT FROM reconciliation_match made
                     JOIN reconciliation_bankaccount account ON account.id = made.account_id
                     JOIN access_facility facility ON facility.id = account.facility_id
                     JOIN ledger_period period ON period.legal_entity_id = facility.legal_entity_id
                    WHERE made.id = NEW.match_id AND period.state <> 'OPEN'
                      AND made.effective_on BETWEEN period.starts_on AND period.ends_on) THEN
        RAISE EXCEPTION 'a day whose period is closed is locked' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_daycorrection_only_decide BEFORE UPDATE ON reconciliation_daycorrection
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_decide_day_correction();

-- A day that is closed is final: what was matched in it is undone by two people, of both halves of a sweep at once.
CREATE FUNCTION reconciliation_final_day_by_two() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM reconciliation_match made
                 JOIN reconciliation_bankaccount account ON account.id = made.account_id
                 JOIN reconciliation_dayclose closed ON closed.facility_id = account.facility_id
                WHERE made.id = NEW.match_id AND closed.business_on >= made.effective_on)
       AND NOT EXISTS (SELECT FROM reconciliation_daycorrection correction
                        WHERE correction.verdict = 'APPROVED'
                          AND (correction.match_id = NEW.match_id
                               OR EXISTS (SELECT FROM reconciliation_sweep sweep
                                           WHERE (sweep.outgoing_id, sweep.incoming_id)
                                              IN ((correction.match_id, NEW.match_id),
                                                  (NEW.match_id, correction.match_id))))) THEN
        RAISE EXCEPTION 'a match of a closed day is undone by two people only'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_matchundo_final_day BEFORE INSERT ON reconciliation_matchundo
    FOR EACH ROW EXECUTE FUNCTION reconciliation_final_day_by_two();
