-- People who sign in. `password` is an Argon2 hash with its parameters, '' where there is none. `totp` is the secret of
-- the second step, `totp_step` the last step used, so that a code is good once. `oidc` is who he is elsewhere.
CREATE TABLE users (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    password text NOT NULL,
    role text NOT NULL,
    sight text NOT NULL,
    lang text,
    zone text,
    totp text,
    totp_step bigint NOT NULL DEFAULT 0,
    oidc text,
    created_at bigint NOT NULL,
    password_at bigint,
    signed_in_at bigint,
    disabled_at bigint
);
CREATE UNIQUE INDEX users_by_oidc ON users (oidc) WHERE oidc IS NOT NULL;

CREATE TABLE recovery_codes (
    person text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (person, digest)
);

-- Browsers that are signed in, or (stage 'code') have still to give the second step. Only a digest of the id is kept.
CREATE TABLE visits (
    digest bytea NOT NULL PRIMARY KEY,
    person text COLLATE "C" NOT NULL,
    stage text NOT NULL,
    began_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    turned_at bigint NOT NULL,
    was bytea,
    was_until bigint NOT NULL DEFAULT 0,
    address text NOT NULL,
    browser text NOT NULL
);
CREATE INDEX visits_by_person ON visits (person);
CREATE UNIQUE INDEX visits_by_was ON visits (was) WHERE was IS NOT NULL;

-- Attempts to sign in, by account and by address, since a moment.
CREATE TABLE knocks (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    count bigint NOT NULL,
    since bigint NOT NULL
);

ALTER TABLE tokens ADD COLUMN sight text NOT NULL DEFAULT '*';
