{function ledger_check_entries of 0029_lighter_checks}

{function ledger_check_postings of 0029_lighter_checks}
