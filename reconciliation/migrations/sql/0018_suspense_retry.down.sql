-- A clearing is decided once; what was proposed stays as it was.
{function reconciliation_only_decide_clearing of 0005_suspense_clearing_rules}

