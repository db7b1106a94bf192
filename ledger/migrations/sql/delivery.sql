REVOKE DELETE, TRUNCATE ON ledger_deliveryprofile, ledger_glbatchdelivery FROM {app};

-- Ways to the general ledger are approved by two; a delivery is what it was queued as, and ends once.
CREATE FUNCTION ledger_check_delivery_profile_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.ledger_deliveryprofile
               WHERE id = NEW.profile_id AND (written_by_id = NEW.approved_by_id OR retired_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'a delivery profile is approved by somebody who did not write it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_deliveryprofile_two_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_deliveryprofile_two_people BEFORE INSERT ON ledger_deliveryprofileapproval
    FOR EACH ROW EXECUTE FUNCTION ledger_check_delivery_profile_approval();

CREATE FUNCTION ledger_check_delivery_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retired_at IS NOT NULL OR to_jsonb(NEW) - '{retired_at,retired_by_id}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{retired_at,retired_by_id}'::text[] THEN
        RAISE EXCEPTION 'a delivery profile is retired, never changed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_deliveryprofile_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_deliveryprofile_kept BEFORE UPDATE ON ledger_deliveryprofile
    FOR EACH ROW EXECUTE FUNCTION ledger_check_delivery_profile();

CREATE FUNCTION ledger_check_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'QUEUED' OR NEW.tries <> 0 OR NEW.placing_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM public.ledger_deliveryprofile profile
            JOIN public.ledger_deliveryprofileapproval approval ON approval.profile_id = profile.id
            JOIN public.ledger_glbatch batch ON batch.id = NEW.batch_id
            JOIN public.ledger_glbatchfile file ON file.id = NEW.file_id
            WHERE profile.id = NEW.profile_id AND profile.retired_at IS NULL
                AND profile.code = NEW.destination AND profile.legal_entity_id = batch.legal_entity_id
                AND file.batch_id = batch.id AND file.sha256 = NEW.sha256 AND file.size = NEW.size) THEN
            RAISE EXCEPTION 'a delivery is queued with the batch''s own file for an approved profile of its entity'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchdelivery_fits';
        END IF;
        IF public.ledger_batch_state(NEW.batch_id) NOT IN ('APPROVED', 'EXPORTED', 'ACKNOWLEDGED', 'POSTED') THEN
            RAISE EXCEPTION 'only a released batch is delivered'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchdelivery_released';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.finished_at IS NOT NULL
        OR to_jsonb(NEW) - '{state,tries,next_try_at,placing_at,problem,finished_at}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{state,tries,next_try_at,placing_at,problem,finished_at}'::text[] THEN
        RAISE EXCEPTION 'a delivery is what it was queued as, and ends once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_glbatchdelivery_ends_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_glbatchdelivery_checked BEFORE INSERT OR UPDATE ON ledger_glbatchdelivery
    FOR EACH ROW EXECUTE FUNCTION ledger_check_delivery();
