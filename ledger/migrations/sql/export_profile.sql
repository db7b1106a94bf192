-- A profile is approved by somebody who did not write it.
CREATE FUNCTION ledger_check_profile_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.ledger_exportprofile
               WHERE id = NEW.profile_id AND written_by_id = NEW.approved_by_id) THEN
        RAISE EXCEPTION 'a profile is approved by somebody who did not write it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_exportprofile_two_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_exportprofile_two_people BEFORE INSERT ON ledger_exportprofileapproval
    FOR EACH ROW EXECUTE FUNCTION ledger_check_profile_approval();
