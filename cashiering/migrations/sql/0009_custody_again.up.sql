-- A count of the safe that was given up stays as it is, and a difference that both saw only goes to the third person.
CREATE OR REPLACE FUNCTION cashiering_safecount_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('EXACT', 'APPROVED', 'DISCARDED') OR (OLD.state = 'DIFFERENT' AND NEW.state <> 'APPROVED') THEN
        RAISE EXCEPTION 'this count was decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
