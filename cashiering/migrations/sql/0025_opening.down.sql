DROP TRIGGER cashiering_session_opening_confirmed ON cashiering_session;
DROP TRIGGER cashiering_session_begins_confirmed ON cashiering_session;
DROP FUNCTION cashiering_opening_confirmed();
DROP TRIGGER cashiering_opening_rule_approved_once ON cashiering_openingrule;
DROP FUNCTION cashiering_opening_rule_approved_once();
CREATE OR REPLACE FUNCTION cashiering_session_approver_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id AND (
        EXISTS (SELECT FROM cashiering_count WHERE session_id = NEW.id AND counted_by_id = NEW.approved_by_id)
        OR EXISTS (SELECT FROM cashiering_tillaudit
                   WHERE session_id = NEW.id AND audited_by_id = NEW.approved_by_id)
        OR EXISTS (SELECT FROM cashiering_cashmovement WHERE session_id = NEW.id
                   AND NEW.approved_by_id IN (made_by_id, witness_id))) THEN
        RAISE EXCEPTION 'the approver had a hand in this drawer' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
