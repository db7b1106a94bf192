-- Invoices. Draft, then issued for good; afterwards only the settled part and the state move.
CREATE FUNCTION billing_invoice_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines_minor bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'invoices are never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('DRAFT', 'ISSUED'), ('DRAFT', 'CANCELLED'), ('ISSUED', 'CANCELLED'),
        ('ISSUED', 'PAID'), ('PAID', 'ISSUED')
    ) THEN
        RAISE EXCEPTION 'an invoice does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'DRAFT'
       AND to_jsonb(NEW) - 'state' - 'settled_minor' <> to_jsonb(OLD) - 'state' - 'settled_minor' THEN
        RAISE EXCEPTION 'an issued invoice never changes; cancel it and issue another'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'DRAFT' AND NEW.state = 'ISSUED' THEN
        SELECT sum(amount_minor) INTO lines_minor FROM billing_invoiceline WHERE invoice_id = NEW.id;
        IF lines_minor IS DISTINCT FROM NEW.total_minor THEN
            RAISE EXCEPTION 'the invoice total % is not the sum % of its lines', NEW.total_minor, lines_minor
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_invoice_frozen BEFORE UPDATE OR DELETE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_invoice_frozen();

CREATE FUNCTION billing_invoice_starts_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'DRAFT' THEN
        RAISE EXCEPTION 'an invoice starts as a draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_invoice_starts_as_draft BEFORE INSERT ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_invoice_starts_as_draft();

-- The share lock makes a line and the issue of its invoice wait for each other.
CREATE FUNCTION billing_invoiceline_only_in_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    invoice_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT state INTO invoice_state FROM billing_invoice WHERE id = OLD.invoice_id FOR SHARE;
    ELSE
        SELECT state INTO invoice_state FROM billing_invoice WHERE id = NEW.invoice_id FOR SHARE;
    END IF;
    IF TG_OP = 'UPDATE' OR invoice_state <> 'DRAFT' THEN
        RAISE EXCEPTION 'lines of an invoice never change once it is issued' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_invoiceline_only_in_draft BEFORE INSERT OR UPDATE OR DELETE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION billing_invoiceline_only_in_draft();
