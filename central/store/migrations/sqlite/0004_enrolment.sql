-- Codes that turn into credentials, once each. `terminal` '' = for a new one. `used_by` is who it became.
CREATE TABLE enrol_codes (
    id TEXT NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    digest BLOB NOT NULL,
    terminal TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    used_at INTEGER,
    used_by TEXT,
    used_sha256 BLOB
) STRICT, WITHOUT ROWID;
