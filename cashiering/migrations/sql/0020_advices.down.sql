DROP TRIGGER cashiering_advice_withdrawn_once ON cashiering_advice;
DROP FUNCTION cashiering_advice_withdrawn_once();

CREATE OR REPLACE FUNCTION cashiering_refund_steps() RETURNS trigger LANGUAGE plpgsql AS $$
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
