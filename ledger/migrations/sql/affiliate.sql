REVOKE DELETE, TRUNCATE ON ledger_affiliatesettlement FROM {app};

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
