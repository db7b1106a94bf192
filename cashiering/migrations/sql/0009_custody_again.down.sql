CREATE OR REPLACE FUNCTION cashiering_safecount_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('EXACT', 'APPROVED') THEN
        RAISE EXCEPTION 'this count was decided already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
