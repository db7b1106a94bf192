REVOKE DELETE, TRUNCATE ON ledger_closestep, ledger_closetask FROM {app};

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

-- A tie-out is signed by another person than who took it, and explained where it differs.
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
CREATE TRIGGER ledger_period_checklist BEFORE UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_check_close_tasks();

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

-- A tie-out keeps its documents with it, whole: they are written with it and never added later.
CREATE FUNCTION ledger_check_tie_out_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT tie_out_id FROM added) one
        JOIN public.ledger_tieout taken ON taken.id = one.tie_out_id
        WHERE taken.sub_ledger_minor <> (
            SELECT sum(kept.amount_minor) FROM public.ledger_tieoutdocument kept
            WHERE kept.tie_out_id = taken.id)) THEN
        RAISE EXCEPTION 'the documents of a tie-out add up to its figure'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_tieoutdocument_adds_up';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_tieoutdocument_adds_up AFTER INSERT ON ledger_tieoutdocument
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_tie_out_documents();
