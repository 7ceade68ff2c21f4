-- What people say of a terminal: where it stands, what should be in it, whether it is still in use.
CREATE TABLE assets (
    terminal text COLLATE "C" NOT NULL PRIMARY KEY,
    merchant text NOT NULL DEFAULT '',
    shop text NOT NULL DEFAULT '',
    region text NOT NULL DEFAULT '',
    tags text NOT NULL DEFAULT '[]',
    note text NOT NULL DEFAULT '',
    imei text,
    retired_at bigint,
    replaced_by text
);

CREATE TABLE plans (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL DEFAULT '',
    carrier text NOT NULL DEFAULT '',
    apn text NOT NULL DEFAULT '',
    quota_mb bigint,
    months bigint,
    price text,
    currency text NOT NULL DEFAULT 'CNY'
);

CREATE TABLE cards (
    iccid text COLLATE "C" NOT NULL PRIMARY KEY,
    msisdn text NOT NULL DEFAULT '',
    plan text,
    batch text NOT NULL DEFAULT '',
    state text NOT NULL,
    terminal text,
    expires_on text,
    note text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX cards_in_use ON cards (terminal) WHERE state = 'in_use';

CREATE TABLE audit (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    who text NOT NULL,
    action text NOT NULL,
    kind text NOT NULL,
    object text NOT NULL,
    detail text NOT NULL
);
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_object ON audit (kind, object, at);

CREATE TABLE tokens (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL,
    secret_sha256 bytea NOT NULL,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint
);
