REVOKE DELETE, TRUNCATE ON access_user FROM {app};

-- The kind of a user decides which roles fit; it is fixed when the user is made.
CREATE FUNCTION access_keep_user_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the kind of a user is fixed when the user is made'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER access_user_kind_fixed BEFORE UPDATE OF kind ON access_user
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION access_keep_user_kind();
