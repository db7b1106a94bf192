REVOKE DELETE, TRUNCATE ON reconciliation_suspensetry FROM {app};
