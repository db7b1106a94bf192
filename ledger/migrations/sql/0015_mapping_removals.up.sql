-- Taking a rule out of a draft is writing it: who did is kept, and approves none of that version.
CREATE FUNCTION ledger_check_rule_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_mappingruleremoval
                   WHERE rule_number = OLD.id AND version_id = OLD.version_id) THEN
        RAISE EXCEPTION 'a rule is taken out by somebody who is named'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingrule_remover_named';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER ledger_mappingrule_remover_named BEFORE DELETE ON ledger_mappingrule
    FOR EACH ROW EXECUTE FUNCTION ledger_check_rule_removal();

CREATE FUNCTION ledger_check_remover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.ledger_mappingruleremoval
               WHERE version_id = NEW.version_id AND removed_by_id = NEW.made_by_id) THEN
        RAISE EXCEPTION 'a map is approved by somebody who neither wrote nor took out any of it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingstep_two_people';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_mappingstep_remover BEFORE INSERT ON ledger_mappingstep
    FOR EACH ROW WHEN (NEW.state = 'APPROVED') EXECUTE FUNCTION ledger_check_remover();
