-- Who takes a foreign currency in cash was asked for by one person and is approved once by another.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_cashcurrency FROM {app};
GRANT UPDATE (approved_by_id, approved_at) ON cashiering_cashcurrency TO {app};

CREATE FUNCTION cashiering_cash_currency_approved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.approved_by_id IS NOT NULL OR
       (NEW.facility_id, NEW.currency, NEW.is_taken, NEW.rate_days, NEW.smallest_minor, NEW.gives_back,
        NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM
       (OLD.facility_id, OLD.currency, OLD.is_taken, OLD.rate_days, OLD.smallest_minor, OLD.gives_back,
        OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION 'what was asked for never changes, and is approved once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_cash_currency_approved_once BEFORE UPDATE OR DELETE ON cashiering_cashcurrency
    FOR EACH ROW EXECUTE FUNCTION cashiering_cash_currency_approved_once();
