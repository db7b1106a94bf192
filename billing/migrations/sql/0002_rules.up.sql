-- Prices. Two prices of one service in one list never share a day. Ranges of one number stand in for
-- equality, so that the core GiST operator class is enough and no extension is needed.
ALTER TABLE billing_price ADD CONSTRAINT billing_price_no_overlap EXCLUDE USING gist (
    int8range(list_id, list_id, '[]') WITH &&,
    int8range(service_id, service_id, '[]') WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
);

CREATE FUNCTION billing_price_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'ends_on' <> to_jsonb(OLD) - 'ends_on' THEN
        RAISE EXCEPTION 'a price never changes; end it and set another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_price_fixed BEFORE UPDATE OR DELETE ON billing_price
    FOR EACH ROW EXECUTE FUNCTION billing_price_fixed();

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

-- At commit, the counter of an invoice is the sum of its settlements.
CREATE FUNCTION billing_settlement_counter() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    counter bigint;
    rows_minor bigint;
BEGIN
    SELECT settled_minor INTO counter FROM billing_invoice WHERE id = subject;
    SELECT coalesce(sum(amount_minor), 0) INTO rows_minor FROM billing_settlement WHERE invoice_id = subject;
    IF counter <> rows_minor THEN
        RAISE EXCEPTION 'invoice % says % settled, its settlements say %', subject, counter, rows_minor
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER billing_settlement_counter AFTER INSERT ON billing_settlement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_settlement_counter('invoice_id');
CREATE CONSTRAINT TRIGGER billing_invoice_settled_counter AFTER UPDATE OF settled_minor ON billing_invoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_settlement_counter('id');
