-- The first checklist is set, any other is approved by a second person, in the transaction that changes it.
ALTER TABLE ledger_checklistdecision ADD COLUMN decided_in xid8 NOT NULL DEFAULT pg_current_xact_id();

ALTER TABLE ledger_closestep ADD COLUMN made_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION ledger_check_checklist_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_approved AND EXISTS (SELECT FROM public.ledger_checklistproposal
                                   WHERE id = NEW.proposal_id AND proposed_by_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'a checklist is approved by somebody other than who proposed it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_checklistdecision_two_people';
    END IF;
    NEW.decided_in := pg_current_xact_id();
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_checklistdecision_two_people BEFORE INSERT ON ledger_checklistdecision
    FOR EACH ROW EXECUTE FUNCTION ledger_check_checklist_decision();

CREATE FUNCTION ledger_check_checklist_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.made_in := pg_current_xact_id();
    END IF;
    IF EXISTS (SELECT FROM public.ledger_closestep
               WHERE legal_entity_id = NEW.legal_entity_id AND made_in <> pg_current_xact_id())
        AND NOT EXISTS (
            SELECT FROM public.ledger_checklistdecision decision
            JOIN public.ledger_checklistproposal proposal ON proposal.id = decision.proposal_id
            WHERE proposal.legal_entity_id = NEW.legal_entity_id AND decision.is_approved
                AND decision.decided_in = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a checklist changes only with the approval of a second person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_closestep_changed_by_two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_closestep_by_two BEFORE INSERT OR UPDATE ON ledger_closestep
    FOR EACH ROW EXECUTE FUNCTION ledger_check_checklist_change();
