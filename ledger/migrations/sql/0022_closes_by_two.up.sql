-- What is asked for of a period closed in one way is not granted when it is closed in another.
CREATE FUNCTION ledger_check_reopening_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.of_state = 'OPEN' OR NEW.round <> public.ledger_closing_round(NEW.period_id)
        OR NOT EXISTS (SELECT FROM public.ledger_period WHERE id = NEW.period_id AND state = NEW.of_state)
        OR TG_OP = 'UPDATE' AND (NEW.of_state, NEW.round) IS DISTINCT FROM (OLD.of_state, OLD.round) THEN
        RAISE EXCEPTION 'a reopening is of the period as it is closed now'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periodreopening_as_closed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_periodreopening_as_closed BEFORE INSERT OR UPDATE ON ledger_periodreopening
    FOR EACH ROW EXECUTE FUNCTION ledger_check_reopening_state();

-- ---- the checklist: the first is set, any other is approved by a second person

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

-- ---- journals by hand: what is on its way back to payers is kept by refunds, to the cent

CREATE OR REPLACE FUNCTION ledger_is_control_role(role text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT role IN ('receivable.unbilled', 'receivable.patient', 'receivable.insurer', 'cash.drawer',
        'cheque.drawer', 'deposit.in_transit', 'card.clearing', 'transfer.clearing', 'refund.clearing',
        'liability.patient_deposits')
$$;

-- ---- when an entry was posted

-- A clock may stand only where the owner of the database says so: in the demo hospital while its past is
-- told, and under tests.
CREATE TABLE ledger_standingclock (until timestamptz NOT NULL);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_standingclock FROM {app};

CREATE FUNCTION ledger_check_posted_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_standingclock WHERE until > clock_timestamp()) THEN
        RAISE EXCEPTION 'entry % was not posted at %', NEW.public_id, NEW.posted_at
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_posted_now';
    END IF;
    RETURN NEW;
END $$;

-- The condition is looked at without calling the function: a right moment costs next to nothing.
CREATE TRIGGER ledger_entry_posted_now BEFORE INSERT ON ledger_entry FOR EACH ROW
    WHEN (NEW.posted_at NOT BETWEEN transaction_timestamp() AND clock_timestamp())
    EXECUTE FUNCTION ledger_check_posted_at();
