REVOKE DELETE, TRUNCATE ON cashiering_deposit FROM {app};

-- A session's cash of one currency lies in one bag, unless that bag was opened again.
CREATE FUNCTION cashiering_depositpart_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM cashiering_session WHERE id = NEW.session_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM cashiering_depositpart part JOIN cashiering_deposit bag ON bag.id = part.deposit_id
               WHERE part.session_id = NEW.session_id AND bag.state <> 'CANCELLED'
                 AND bag.currency = (SELECT currency FROM cashiering_deposit WHERE id = NEW.deposit_id)) THEN
        RAISE EXCEPTION 'the cash of this session is in another bag' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_depositpart_once BEFORE INSERT ON cashiering_depositpart
    FOR EACH ROW EXECUTE FUNCTION cashiering_depositpart_once();

CREATE FUNCTION cashiering_deposit_opened_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'CANCELLED' OR (NEW.state = 'CANCELLED' AND OLD.state NOT IN ('PREPARED', 'VERIFIED')) THEN
        RAISE EXCEPTION 'a bag is opened again once, before it leaves' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashiering_deposit_opened_for_good BEFORE UPDATE ON cashiering_deposit
    FOR EACH ROW EXECUTE FUNCTION cashiering_deposit_opened_for_good();

-- What the sessions give to a bag is the bag's cash, to the cent, when the transaction ends.
CREATE FUNCTION cashiering_deposit_parts_are_its_cash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(cash_minor) FROM cashiering_depositpart WHERE deposit_id = NEW.deposit_id) IS DISTINCT FROM
       (SELECT cash_minor FROM cashiering_deposit WHERE id = NEW.deposit_id) THEN
        RAISE EXCEPTION 'the parts of a bag add up to its cash' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'cashiering_deposit_parts_are_its_cash';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cashiering_deposit_parts_are_its_cash AFTER INSERT ON cashiering_depositpart
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cashiering_deposit_parts_are_its_cash();
