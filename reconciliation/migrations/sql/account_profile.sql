REVOKE DELETE, TRUNCATE ON reconciliation_accountprofile FROM {app};
