-- Charges. What was done and its price stay; only the state and the invoiced part move.
CREATE FUNCTION billing_charge_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'charges are never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - 'state' - 'invoiced_minor' - 'amount_minor'
       <> to_jsonb(OLD) - 'state' - 'invoiced_minor' - 'amount_minor' THEN
        RAISE EXCEPTION 'a charge never changes; withdraw it and record another'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('PLANNED', 'BILLABLE'), ('PLANNED', 'NOT_BILLABLE'), ('PLANNED', 'ABORTED'),
        ('BILLABLE', 'BILLED'), ('BILLABLE', 'NOT_BILLABLE'), ('BILLABLE', 'ENTERED_IN_ERROR'),
        ('BILLED', 'BILLABLE')
    ) THEN
        RAISE EXCEPTION 'a charge does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_charge_steps BEFORE UPDATE OR DELETE ON billing_charge
    FOR EACH ROW EXECUTE FUNCTION billing_charge_steps();
