{function ledger_check_entries of 0020_sets_of_entries}

{function ledger_check_postings of 0020_sets_of_entries}
