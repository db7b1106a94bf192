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
