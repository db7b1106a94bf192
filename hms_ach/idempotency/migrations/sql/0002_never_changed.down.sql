DROP TRIGGER idempotency_key_never_changed ON idempotency_key;
DROP FUNCTION idempotency_refuse_update;
GRANT UPDATE ON idempotency_key TO {app};
