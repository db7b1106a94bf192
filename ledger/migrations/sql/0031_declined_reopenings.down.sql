CREATE OR REPLACE FUNCTION ledger_check_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a reopening is requested first and approved afterwards'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periodreopening_asked_first';
        END IF;
        NEW.approved_in := NULL;
        RETURN NEW;
    END IF;
    IF OLD.approved_by_id IS NOT NULL OR NEW.approved_by_id IS NULL
        OR (NEW.id, NEW.period_id, NEW.reason, NEW.requested_by_id, NEW.requested_at)
        IS DISTINCT FROM (OLD.id, OLD.period_id, OLD.reason, OLD.requested_by_id, OLD.requested_at) THEN
        RAISE EXCEPTION 'a reopening changes once, when it is approved'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_periodreopening_approved_once';
    END IF;
    NEW.approved_in := pg_current_xact_id();
    RETURN NEW;
END $$;
