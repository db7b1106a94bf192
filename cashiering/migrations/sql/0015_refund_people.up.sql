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
