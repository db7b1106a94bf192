-- What a bank's lockbox file said never changes; only the statement confirms its deposit.
REVOKE UPDATE, DELETE, TRUNCATE ON cashiering_lockboxdeposit, cashiering_lockboxcheque FROM {app};
GRANT UPDATE (bank_confirmed_on) ON cashiering_lockboxdeposit TO {app};

-- A deposit is its cheques, to the cent.
CREATE FUNCTION cashiering_lockbox_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.total_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM cashiering_lockboxcheque
                            WHERE deposit_id = NEW.id) THEN
        RAISE EXCEPTION 'a lockbox deposit is the sum of its cheques' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cashiering_lockboxdeposit_adds_up AFTER INSERT ON cashiering_lockboxdeposit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cashiering_lockbox_adds_up();
