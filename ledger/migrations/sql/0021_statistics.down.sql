DROP TRIGGER ledger_statisticentry_checked ON ledger_statisticentry;
DROP FUNCTION ledger_check_statistic();
