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
