-- People who sign in. `password` is an Argon2 hash with its parameters, '' where there is none. `totp` is the secret of
-- the second step, `totp_step` the last step used, so that a code is good once. `oidc` is who he is elsewhere.
CREATE TABLE users (
    name TEXT NOT NULL PRIMARY KEY,
    password TEXT NOT NULL,
    role TEXT NOT NULL,
    sight TEXT NOT NULL,
    lang TEXT,
    zone TEXT,
    totp TEXT,
    totp_step INTEGER NOT NULL DEFAULT 0,
    oidc TEXT,
    created_at INTEGER NOT NULL,
    password_at INTEGER,
    signed_in_at INTEGER,
    disabled_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_oidc ON users (oidc) WHERE oidc IS NOT NULL;

CREATE TABLE recovery_codes (
    person TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (person, digest)
) STRICT, WITHOUT ROWID;

-- Browsers that are signed in, or (stage 'code') have still to give the second step. Only a digest of the id is kept.
CREATE TABLE visits (
    digest BLOB NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    stage TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    turned_at INTEGER NOT NULL,
    was BLOB,
    was_until INTEGER NOT NULL DEFAULT 0,
    address TEXT NOT NULL,
    browser TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visits_by_person ON visits (person);
CREATE UNIQUE INDEX visits_by_was ON visits (was) WHERE was IS NOT NULL;

-- Attempts to sign in, by account and by address, since a moment.
CREATE TABLE knocks (
    name TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE tokens ADD COLUMN sight TEXT NOT NULL DEFAULT '*';
