INSERT INTO audit_epoch (number, started_at, reason) VALUES (1, now(), 'The database was created.');

DO $$ BEGIN
    IF '{app}'::regrole <> current_user::regrole THEN
        REVOKE INSERT ON audit_epoch FROM {app};
    END IF;
END $$;
