{function ledger_take_snapshot of 0012_snapshots}
DROP FUNCTION ledger_sum_period(ledger_period);
