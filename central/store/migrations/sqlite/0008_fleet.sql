-- What people say of a terminal: where it stands, what should be in it, whether it is still in use.
CREATE TABLE assets (
    terminal TEXT NOT NULL PRIMARY KEY,
    merchant TEXT NOT NULL DEFAULT '',
    shop TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '[]',
    note TEXT NOT NULL DEFAULT '',
    imei TEXT,
    retired_at INTEGER,
    replaced_by TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL DEFAULT '',
    carrier TEXT NOT NULL DEFAULT '',
    apn TEXT NOT NULL DEFAULT '',
    quota_mb INTEGER,
    months INTEGER,
    price TEXT,
    currency TEXT NOT NULL DEFAULT 'CNY'
) STRICT, WITHOUT ROWID;

CREATE TABLE cards (
    iccid TEXT NOT NULL PRIMARY KEY,
    msisdn TEXT NOT NULL DEFAULT '',
    plan TEXT,
    batch TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    terminal TEXT,
    expires_on TEXT,
    note TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cards_in_use ON cards (terminal) WHERE state = 'in_use';

CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_object ON audit (kind, object, at);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    secret_sha256 BLOB NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
