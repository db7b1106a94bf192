REVOKE DELETE, TRUNCATE ON ledger_yearcloserequest FROM {app};

-- A year is closed by two people: one asks, another one closes.
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
