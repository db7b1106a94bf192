-- How much of a tender goes back is a counter beside what was given; the CHECK bounds it.
GRANT UPDATE (refunded_minor) ON cashiering_tender TO {app};

-- What a refund is never changes; only how far it has come.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_refund FROM {app};
GRANT UPDATE (state, approved_by_id, approved_at, released_by_id, released_at, session_id, card_batch_id,
              terminal_request_id, reference, sent_at, sent_on, settled_on, ended_by_id, ended_at, end_reason)
    ON cashiering_refund TO {app};

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
        ('SENT', 'SETTLED'), ('SENT', 'FAILED'), ('SETTLED', 'SENT'), ('FAILED', 'RELEASED')) THEN
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
