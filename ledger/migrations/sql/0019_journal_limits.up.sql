CREATE FUNCTION ledger_check_limit_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.ledger_journallimit
               WHERE id = NEW.limit_id AND set_by_id IS NOT DISTINCT FROM NEW.approved_by_id) THEN
        RAISE EXCEPTION 'a limit of journals is let count by somebody other than who asked for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journallimit_two_people';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_journallimit_two_people BEFORE INSERT ON ledger_journallimitapproval
    FOR EACH ROW EXECUTE FUNCTION ledger_check_limit_approval();
