-- A register's drawer books only the tenders that it takes; a rescue session what a terminal charged already.
CREATE FUNCTION cashiering_tender_taken_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cashiering_payment p
               JOIN cashiering_session s ON s.id = p.session_id
               JOIN cashiering_register r ON r.id = s.register_id
               WHERE p.id = NEW.payment_id AND NOT s.is_rescue AND r.allowed_tenders <> '{}'
                 AND NOT NEW.kind = ANY (r.allowed_tenders)) THEN
        RAISE EXCEPTION 'this register does not take this tender' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_tender_taken_here BEFORE INSERT ON cashiering_tender
    FOR EACH ROW EXECUTE FUNCTION cashiering_tender_taken_here();
