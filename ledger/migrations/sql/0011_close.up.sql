-- A task of a close changes once, when somebody says that it is done; never what it asks for.
CREATE FUNCTION ledger_check_close_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.done_by_id IS NOT NULL
        OR TG_OP = 'UPDATE' AND (OLD.done_by_id IS NOT NULL
            OR to_jsonb(NEW) - '{done_by_id,done_at,note,evidence_id}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{done_by_id,done_at,note,evidence_id}'::text[]) THEN
        RAISE EXCEPTION 'a task of a close changes once, when it is done'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_closetask_done_once';
    END IF;
    IF NEW.done_by_id IS NOT NULL AND EXISTS (
        SELECT FROM public.ledger_closestep step
        WHERE step.id = NEW.step_id AND step.needs_evidence AND NEW.evidence_id IS NULL) THEN
        RAISE EXCEPTION 'this task needs evidence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_closetask_has_evidence';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_closetask_done BEFORE INSERT OR UPDATE ON ledger_closetask
    FOR EACH ROW EXECUTE FUNCTION ledger_check_close_task();

-- A step only retires.
CREATE FUNCTION ledger_check_close_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retired_at IS NOT NULL OR to_jsonb(NEW) - 'retired_at' IS DISTINCT FROM to_jsonb(OLD) - 'retired_at' THEN
        RAISE EXCEPTION 'a step of the checklist is retired, never changed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_closestep_kept';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_closestep_kept BEFORE UPDATE ON ledger_closestep
    FOR EACH ROW EXECUTE FUNCTION ledger_check_close_step();

CREATE FUNCTION ledger_check_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.ledger_tieout taken WHERE taken.id = NEW.tie_out_id
               AND taken.taken_by_id = NEW.signed_by_id) THEN
        RAISE EXCEPTION 'a tie-out is signed by another person than who took it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_tieoutsignature_two_people';
    END IF;
    IF NEW.explanation = '' AND EXISTS (
        SELECT FROM public.ledger_tieout taken WHERE taken.id = NEW.tie_out_id
            AND taken.sub_ledger_minor <> taken.ledger_minor) THEN
        RAISE EXCEPTION 'a tie-out with a difference is signed with an explanation'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_tieoutsignature_explained';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_tieoutsignature_checked BEFORE INSERT ON ledger_tieoutsignature
    FOR EACH ROW EXECUTE FUNCTION ledger_check_signature();

-- A period does not close while a person's task of its checklist is open.
CREATE FUNCTION ledger_check_close_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'HARD' AND OLD.state <> 'HARD' AND EXISTS (
        SELECT FROM public.ledger_closetask task JOIN public.ledger_closestep step ON step.id = task.step_id
        WHERE task.period_id = NEW.id AND task.done_at IS NULL AND step.check_code = '') THEN
        RAISE EXCEPTION 'a task of the close is not done'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_checklist_done';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_period_checklist BEFORE UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_check_close_tasks();

REVOKE DELETE, TRUNCATE ON ledger_closestep, ledger_closetask FROM {app};
