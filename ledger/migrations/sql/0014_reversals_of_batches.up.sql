-- One reversal of a batch at a time, and none of a reversal that was never posted.
CREATE FUNCTION ledger_check_batch_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_glbatch:' || NEW.reverses_id, 0));
    IF EXISTS (SELECT FROM public.ledger_glbatch other WHERE other.reverses_id = NEW.reverses_id
               AND public.ledger_batch_state(other.id) IS DISTINCT FROM 'REJECTED') THEN
        RAISE EXCEPTION 'a batch is reversed by one other batch'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'ledger_glbatch_reversed_once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_glbatch_reversed_once BEFORE INSERT ON ledger_glbatch
    FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION ledger_check_batch_reversal();

-- A rejected reversal has no entries that could be sent again; a batch is reversed by one that is posted.
CREATE FUNCTION ledger_check_batch_reversed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'REBUILT' AND EXISTS (
            SELECT FROM public.ledger_glbatch WHERE id = NEW.batch_id AND reverses_id IS NOT NULL)
        OR NEW.state = 'REVERSED' AND NOT EXISTS (
            SELECT FROM public.ledger_glbatch reversal JOIN public.ledger_glbatchstep step
                ON step.batch_id = reversal.id AND step.state = 'POSTED'
            WHERE reversal.reverses_id = NEW.batch_id) THEN
        RAISE EXCEPTION 'a batch is reversed when its reversal is posted, and a reversal is not rebuilt'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchstep_reversal_posted';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_glbatchstep_reversed BEFORE INSERT ON ledger_glbatchstep
    FOR EACH ROW EXECUTE FUNCTION ledger_check_batch_reversed();
