CREATE OR REPLACE FUNCTION ledger_wait_for_posters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7031, (NEW.id % 2147483647)::int);
    RETURN NEW;
END $$;
GRANT INSERT ON ledger_snapshot, ledger_snapshotline TO {app};
DROP TRIGGER ledger_period_summed ON ledger_period;
DROP FUNCTION ledger_take_snapshot();
