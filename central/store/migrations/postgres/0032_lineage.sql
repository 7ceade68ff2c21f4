-- What sessions are bound to: a database made anew, or a copy that was restored, knows none of those before.
CREATE TABLE lineage (id BIGINT NOT NULL PRIMARY KEY, drawn TEXT NOT NULL);
INSERT INTO lineage (id, drawn) VALUES (1, md5(random()::text || clock_timestamp()::text || txid_current()::text));

-- Whose credential was changed lately is asked every two seconds.
CREATE INDEX terminals_by_rotation ON terminals (rotated_at) WHERE rotated_at IS NOT NULL;
CREATE INDEX terminals_by_revocation ON terminals (revoked_at) WHERE revoked_at IS NOT NULL;
