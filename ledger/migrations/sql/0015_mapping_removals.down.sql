DROP TRIGGER ledger_mappingstep_remover ON ledger_mappingstep;
DROP FUNCTION ledger_check_remover();
DROP TRIGGER ledger_mappingrule_remover_named ON ledger_mappingrule;
DROP FUNCTION ledger_check_rule_removal();
