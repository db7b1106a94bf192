{function ledger_is_control_role of 0022_closes_by_two}
