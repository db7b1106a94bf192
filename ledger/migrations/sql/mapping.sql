REVOKE UPDATE, TRUNCATE ON ledger_mappingrule FROM {app};
REVOKE DELETE, TRUNCATE ON ledger_glaccount FROM {app};

-- The map: drafts change, everything else is written once; two people; one target or none.
CREATE FUNCTION ledger_mapping_state(version bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT state::text FROM public.ledger_mappingstep
                     WHERE version_id = version ORDER BY sequence DESC LIMIT 1), 'DRAFT')
$$;

-- The row of the version is locked by no one (it is never updated), so a rule and a step of one version
-- take the same advisory lock: a rule is written before the version is submitted or not at all.
CREATE FUNCTION ledger_check_mapping_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version public.ledger_mappingversion;
BEGIN
    PERFORM pg_advisory_xact_lock(
        hashtextextended('ledger_mappingversion:' || coalesce(NEW.version_id, OLD.version_id), 0));
    IF public.ledger_mapping_state(coalesce(NEW.version_id, OLD.version_id)) NOT IN ('DRAFT', 'RETURNED') THEN
        RAISE EXCEPTION 'the rules of a map change only while it is a draft'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingrule_of_draft';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT * INTO version FROM public.ledger_mappingversion WHERE id = NEW.version_id;
    IF cardinality(NEW.segments) <> cardinality(version.segment_names) OR EXISTS (
        SELECT FROM public.access_facility facility
        WHERE facility.id = NEW.facility_id AND facility.legal_entity_id <> version.legal_entity_id
    ) THEN
        RAISE EXCEPTION 'a rule has a value for each segment, and a facility of its map''s legal entity'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingrule_fits';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_mappingrule_draft BEFORE INSERT OR DELETE ON ledger_mappingrule
    FOR EACH ROW EXECUTE FUNCTION ledger_check_mapping_rule();

-- One key as text: ranges of text have GiST operators in core, plain text would need an extension.
CREATE FUNCTION ledger_mapping_key(category text, facility bigint, payer_class text, tender text)
    RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT category || chr(31) || coalesce(facility::text, '') || chr(31) || payer_class || chr(31) || tender
$$;

ALTER TABLE ledger_mappingrule ADD CONSTRAINT ledger_mappingrule_no_overlap EXCLUDE USING gist (
    int8range(version_id, version_id, '[]') WITH &&,
    ledger_textrange(
        ledger_mapping_key(category, facility_id, payer_class, tender),
        ledger_mapping_key(category, facility_id, payer_class, tender), '[]'
    ) WITH &&,
    daterange(valid_from, valid_until) WITH &&
);

CREATE FUNCTION ledger_check_mapping_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_mappingversion:' || NEW.version_id, 0));
    SELECT coalesce(max(sequence), 0) AS sequence, public.ledger_mapping_state(NEW.version_id) AS state
    INTO last FROM public.ledger_mappingstep WHERE version_id = NEW.version_id;
    IF NEW.sequence <> last.sequence + 1 OR (last.state, NEW.state::text) NOT IN (
        ('DRAFT', 'SUBMITTED'), ('DRAFT', 'WITHDRAWN'), ('SUBMITTED', 'APPROVED'), ('SUBMITTED', 'RETURNED'),
        ('SUBMITTED', 'WITHDRAWN'), ('RETURNED', 'SUBMITTED'), ('RETURNED', 'WITHDRAWN')
    ) THEN
        RAISE EXCEPTION 'a map that is % cannot become %', last.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingstep_follows';
    END IF;
    IF NEW.state = 'APPROVED' AND (
        EXISTS (SELECT FROM public.ledger_mappingversion WHERE id = NEW.version_id AND created_by_id = NEW.made_by_id)
        OR EXISTS (SELECT FROM public.ledger_mappingrule
                   WHERE version_id = NEW.version_id AND written_by_id = NEW.made_by_id)
        OR EXISTS (SELECT FROM public.ledger_mappingstep WHERE version_id = NEW.version_id
                   AND state = 'SUBMITTED' AND made_by_id = NEW.made_by_id)
    ) THEN
        RAISE EXCEPTION 'a map is approved by somebody who neither wrote nor submitted any of it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingstep_two_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_mappingstep_follows BEFORE INSERT ON ledger_mappingstep
    FOR EACH ROW EXECUTE FUNCTION ledger_check_mapping_step();

-- Taking a rule out of a draft is writing it: who did is kept, and approves none of that version.
CREATE FUNCTION ledger_check_rule_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_mappingruleremoval
                   WHERE rule_number = OLD.id AND version_id = OLD.version_id) THEN
        RAISE EXCEPTION 'a rule is taken out by somebody who is named'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingrule_remover_named';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER ledger_mappingrule_remover_named BEFORE DELETE ON ledger_mappingrule
    FOR EACH ROW EXECUTE FUNCTION ledger_check_rule_removal();

CREATE FUNCTION ledger_check_remover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.ledger_mappingruleremoval
               WHERE version_id = NEW.version_id AND removed_by_id = NEW.made_by_id) THEN
        RAISE EXCEPTION 'a map is approved by somebody who neither wrote nor took out any of it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mappingstep_two_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_mappingstep_remover BEFORE INSERT ON ledger_mappingstep
    FOR EACH ROW WHEN (NEW.state = 'APPROVED') EXECUTE FUNCTION ledger_check_remover();
