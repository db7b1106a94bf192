-- What a refund is never changes; only how far it has come.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_refund FROM {app};
GRANT UPDATE (state, approved_by_id, approved_at, released_by_id, released_at, session_id, card_batch_id,
              terminal_request_id, reference, sent_at, sent_on, settled_on, ended_by_id, ended_at, end_reason, batch,
              rounding_minor, sending)
    ON cashiering_refund TO {app};

-- A refund that the bank had paid out may come back, and that may turn out to be wrong.
CREATE FUNCTION cashiering_refund_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.key, NEW.facility_id, NEW.payment_id, NEW.tender_id, NEW.currency, NEW.amount_minor, NEW.reason,
        NEW.requested_by_id, NEW.is_within_limit)
       IS DISTINCT FROM
       (OLD.key, OLD.facility_id, OLD.payment_id, OLD.tender_id, OLD.currency, OLD.amount_minor, OLD.reason,
        OLD.requested_by_id, OLD.is_within_limit) THEN
        RAISE EXCEPTION 'what a refund is never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
        ('REQUESTED', 'APPROVED'), ('REQUESTED', 'REJECTED'), ('REQUESTED', 'CANCELLED'),
        ('APPROVED', 'RELEASED'), ('APPROVED', 'SENT'), ('APPROVED', 'SETTLED'), ('APPROVED', 'CANCELLED'),
        ('RELEASED', 'SENT'), ('RELEASED', 'CANCELLED'),
        ('SENT', 'SETTLED'), ('SENT', 'FAILED'), ('SETTLED', 'SENT'), ('FAILED', 'RELEASED'),
        ('SETTLED', 'FAILED'), ('FAILED', 'SETTLED')) THEN
        RAISE EXCEPTION 'a refund does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_refund_steps BEFORE UPDATE ON cashiering_refund
    FOR EACH ROW EXECUTE FUNCTION cashiering_refund_steps();

-- A receipt is voided or refunded, never both.
CREATE FUNCTION cashiering_void_or_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'cashiering_refund' THEN
        IF EXISTS (SELECT FROM cashiering_paymentvoid WHERE payment_id = NEW.payment_id) THEN
            RAISE EXCEPTION 'a voided payment is not refunded' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF EXISTS (SELECT FROM cashiering_refund WHERE payment_id = NEW.payment_id
                  AND state NOT IN ('REJECTED', 'CANCELLED')) THEN
        RAISE EXCEPTION 'a refunded payment is not voided' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_refund_not_voided BEFORE INSERT ON cashiering_refund
    FOR EACH ROW EXECUTE FUNCTION cashiering_void_or_refund();
CREATE TRIGGER cashiering_paymentvoid_not_refunded BEFORE INSERT ON cashiering_paymentvoid
    FOR EACH ROW EXECUTE FUNCTION cashiering_void_or_refund();

-- A refund begins as a request, of a tender of its own payment; alone it begins approved within the limit.
-- Who took the payment never approves that it goes back.
CREATE FUNCTION cashiering_refund_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cashiering_payment
               WHERE id = NEW.payment_id AND taken_by_id = NEW.approved_by_id) THEN
        RAISE EXCEPTION 'who took the payment does not approve its refund' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF NEW.approved_by_id IS NOT NULL
       OR NEW.state <> (CASE WHEN NEW.is_within_limit THEN 'APPROVED' ELSE 'REQUESTED' END) THEN
        RAISE EXCEPTION 'a refund begins as a request' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.is_within_limit AND NEW.amount_minor > coalesce(
        (SELECT refund_alone_minor FROM cashiering_tillpolicy WHERE facility_id = NEW.facility_id), 0) THEN
        RAISE EXCEPTION 'this refund is beyond what a cashier gives back alone'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM cashiering_tender t JOIN cashiering_payment p ON p.id = t.payment_id
                   WHERE t.id = NEW.tender_id AND p.id = NEW.payment_id AND p.facility_id = NEW.facility_id
                     AND t.currency = NEW.currency) THEN
        RAISE EXCEPTION 'a refund goes back by a tender of its payment' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_refund_people BEFORE INSERT OR UPDATE ON cashiering_refund
    FOR EACH ROW EXECUTE FUNCTION cashiering_refund_people();
