-- Codes that turn into credentials, once each. `terminal` '' = for a new one. `used_by` is who it became.
CREATE TABLE enrol_codes (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    salt bytea NOT NULL,
    digest bytea NOT NULL,
    terminal text COLLATE "C" NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    attempts bigint NOT NULL,
    used_at bigint,
    used_by text COLLATE "C",
    used_sha256 bytea
);
