GRANT DELETE ON ledger_rolechange TO {app};
DROP TRIGGER ledger_rolechange_decided ON ledger_rolechange;
DROP FUNCTION ledger_check_role_change();
DROP TRIGGER ledger_accountrole_moved ON ledger_accountrole;
DROP FUNCTION ledger_check_role_move();
DROP TRIGGER ledger_account_parent ON ledger_account;
DROP FUNCTION ledger_check_account_parent();
