-- A quantity belongs to the account's own entity, has its decimals, mirrors what it takes back, and leaves
-- a closed period as it was.
CREATE FUNCTION ledger_check_statistic() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    account public.ledger_statisticaccount%ROWTYPE;
BEGIN
    SELECT * INTO account FROM public.ledger_statisticaccount WHERE id = NEW.account_id;
    IF NOT EXISTS (SELECT FROM public.access_facility
                   WHERE id = NEW.facility_id AND legal_entity_id = account.legal_entity_id) THEN
        RAISE EXCEPTION 'a quantity is of a facility of the account''s entity'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_statisticentry_facility';
    END IF;
    IF NEW.quantity <> round(NEW.quantity, account.decimals) THEN
        RAISE EXCEPTION 'a quantity of % has % decimals', account.code, account.decimals
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_statisticentry_decimals';
    END IF;
    IF EXISTS (SELECT FROM public.ledger_period WHERE legal_entity_id = account.legal_entity_id
               AND NEW."on" BETWEEN starts_on AND ends_on AND state = 'HARD') THEN
        RAISE EXCEPTION 'the period of % is closed', NEW."on"
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_statisticentry_period_open';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.ledger_statisticentry original
        WHERE original.id = NEW.reverses_id AND original.reverses_id IS NULL
            AND (original.account_id, original.facility_id, original."on", original.quantity)
                = (NEW.account_id, NEW.facility_id, NEW."on", -NEW.quantity)) THEN
        RAISE EXCEPTION 'a reversal is the exact mirror of an entry that is none'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_statisticentry_mirror';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_statisticentry_checked BEFORE INSERT ON ledger_statisticentry
    FOR EACH ROW EXECUTE FUNCTION ledger_check_statistic();
