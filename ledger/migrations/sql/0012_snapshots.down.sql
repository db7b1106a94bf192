{function ledger_wait_for_posters of 0004_no_hot_rows}
GRANT INSERT ON ledger_snapshot, ledger_snapshotline TO {app};
DROP TRIGGER ledger_period_summed ON ledger_period;
DROP FUNCTION ledger_take_snapshot();
