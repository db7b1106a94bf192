-- A reopened period is closed again from the first step; a year is closed by two; nobody writes by hand
-- what a sub-ledger keeps.

CREATE FUNCTION ledger_closing_round(period bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM public.ledger_periodreopening WHERE period_id = period AND approved_by_id IS NOT NULL
$$;

CREATE FUNCTION ledger_check_closing_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.round <> public.ledger_closing_round(NEW.period_id) THEN
        RAISE EXCEPTION 'what belongs to a close is of the period''s latest opening'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_close_latest_round';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_closetask_latest_round BEFORE INSERT OR UPDATE ON ledger_closetask
    FOR EACH ROW EXECUTE FUNCTION ledger_check_closing_round();
CREATE TRIGGER ledger_tieout_latest_round BEFORE INSERT ON ledger_tieout
    FOR EACH ROW EXECUTE FUNCTION ledger_check_closing_round();

CREATE FUNCTION ledger_check_task_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_closestep step
                   JOIN public.access_rolegrant held ON held.role = step.owner_role
                   WHERE step.id = NEW.step_id AND held.user_id = NEW.done_by_id AND held.revoked_at IS NULL) THEN
        RAISE EXCEPTION 'a step of a close is done by somebody who holds its owner''s role'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_closetask_by_owner';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_closetask_owner BEFORE UPDATE ON ledger_closetask
    FOR EACH ROW WHEN (OLD.done_by_id IS NULL AND NEW.done_by_id IS NOT NULL)
    EXECUTE FUNCTION ledger_check_task_owner();

CREATE OR REPLACE FUNCTION ledger_check_close_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest bigint;
BEGIN
    IF NEW.state <> 'HARD' OR OLD.state = 'HARD' THEN
        RETURN NEW;
    END IF;
    latest := public.ledger_closing_round(NEW.id);
    IF EXISTS (
        SELECT FROM public.ledger_closetask task JOIN public.ledger_closestep step ON step.id = task.step_id
        WHERE task.period_id = NEW.id AND task.round = latest AND task.done_at IS NULL AND step.check_code = '')
        OR EXISTS (SELECT FROM public.ledger_closestep
                   WHERE legal_entity_id = NEW.legal_entity_id AND retired_at IS NULL)
        AND NOT EXISTS (SELECT FROM public.ledger_closetask WHERE period_id = NEW.id AND round = latest) THEN
        RAISE EXCEPTION 'a task of the close is not done'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_checklist_done';
    END IF;
    RETURN NEW;
END $$;

-- ---- the end of a year

CREATE FUNCTION ledger_check_year_close_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'ASKED'
        OR TG_OP = 'UPDATE' AND (OLD.state <> 'ASKED'
            OR to_jsonb(NEW) - '{state,decided_by_id,decided_at,reason}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{state,decided_by_id,decided_at,reason}'::text[]) THEN
        RAISE EXCEPTION 'the closing of a year is asked for first and decided once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_yearcloserequest_decided_once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_yearcloserequest_decided BEFORE INSERT OR UPDATE ON ledger_yearcloserequest
    FOR EACH ROW EXECUTE FUNCTION ledger_check_year_close_request();
REVOKE DELETE, TRUNCATE ON ledger_yearcloserequest FROM {app};

CREATE FUNCTION ledger_check_year_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_yearcloserequest asked
                   WHERE asked.id = NEW.request_id AND asked.legal_entity_id = NEW.legal_entity_id
                       AND asked.fiscal_year = NEW.fiscal_year AND asked.state = 'DONE'
                       AND asked.decided_by_id = NEW.closed_by_id) THEN
        RAISE EXCEPTION 'a year is closed by somebody other than who asked for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_yearclose_two_people';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_yearclose_asked BEFORE INSERT ON ledger_yearclose
    FOR EACH ROW EXECUTE FUNCTION ledger_check_year_close();

-- ---- journals by hand; the roles are ledger.rules.roles.CONTROL_ROLES

CREATE FUNCTION ledger_is_control_role(role text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT role IN ('receivable.unbilled', 'receivable.patient', 'receivable.insurer', 'cash.drawer',
        'cheque.drawer', 'deposit.in_transit', 'card.clearing', 'transfer.clearing', 'liability.patient_deposits')
$$;

CREATE FUNCTION ledger_is_kept_by_sub_ledger(account bigint, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM public.ledger_accountrole played
        WHERE played.account_id = account AND public.ledger_is_control_role(played.role)
            AND played.valid_from <= day AND (played.valid_until IS NULL OR played.valid_until > day))
$$;

CREATE FUNCTION ledger_check_journal_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_wrong boolean;
BEGIN
    IF TG_TABLE_NAME = 'ledger_journalline' THEN
        SELECT public.ledger_is_kept_by_sub_ledger(NEW.account_id, journal.effective_on)
        INTO is_wrong FROM public.ledger_journal journal WHERE journal.id = NEW.journal_id;
    ELSE
        SELECT bool_or(public.ledger_is_kept_by_sub_ledger(line.account_id, NEW.effective_on))
        INTO is_wrong FROM public.ledger_journalline line WHERE line.journal_id = NEW.id;
    END IF;
    IF is_wrong THEN
        RAISE EXCEPTION 'nobody posts by hand to an account that a sub-ledger keeps'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_no_control_account';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_journalline_by_hand BEFORE INSERT ON ledger_journalline
    FOR EACH ROW EXECUTE FUNCTION ledger_check_journal_by_hand();
CREATE TRIGGER ledger_journal_by_hand BEFORE UPDATE ON ledger_journal
    FOR EACH ROW WHEN (NEW.state = 'POSTED') EXECUTE FUNCTION ledger_check_journal_by_hand();
