{function ledger_check_reopening of 0002_guards}
