-- A tie-out keeps its documents with it, whole: they are written with it and never added later.
CREATE FUNCTION ledger_check_tie_out_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT tie_out_id FROM added) one
        JOIN public.ledger_tieout taken ON taken.id = one.tie_out_id
        WHERE taken.sub_ledger_minor <> (
            SELECT sum(kept.amount_minor) FROM public.ledger_tieoutdocument kept
            WHERE kept.tie_out_id = taken.id)) THEN
        RAISE EXCEPTION 'the documents of a tie-out add up to its figure'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_tieoutdocument_adds_up';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_tieoutdocument_adds_up AFTER INSERT ON ledger_tieoutdocument
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_tie_out_documents();

-- A settlement between entities is written whole, undecided, and decided once.
CREATE FUNCTION ledger_check_affiliate_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.verdict IS NOT NULL
        OR TG_OP = 'UPDATE' AND (OLD.verdict IS NOT NULL
            OR to_jsonb(NEW) - '{verdict,decided_by_id,decided_at}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{verdict,decided_by_id,decided_at}'::text[]) THEN
        RAISE EXCEPTION 'a settlement between entities is asked for first and decided once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_affiliatesettlement_decided_once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_affiliatesettlement_decided BEFORE INSERT OR UPDATE ON ledger_affiliatesettlement
    FOR EACH ROW EXECUTE FUNCTION ledger_check_affiliate_settlement();
REVOKE DELETE, TRUNCATE ON ledger_affiliatesettlement FROM {app};
