REVOKE UPDATE, TRUNCATE ON idempotency_key FROM {app};

-- An answer may be forgotten when it is old, never rewritten.
CREATE FUNCTION idempotency_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a stored reply is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER idempotency_key_never_changed BEFORE UPDATE ON idempotency_key
    FOR EACH ROW EXECUTE FUNCTION idempotency_refuse_update();
