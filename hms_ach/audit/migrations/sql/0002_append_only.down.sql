DROP FUNCTION audit_record;
DROP FUNCTION audit_field;
DELETE FROM audit_epoch;
GRANT INSERT ON audit_event TO {app};
GRANT INSERT ON audit_epoch TO {app};
