-- What carriers' platforms say of cards, one row a card; what was told to the terminal of it.
CREATE TABLE card_facts (
    iccid TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    asked_at INTEGER,
    state TEXT NOT NULL DEFAULT '',
    reasons TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '',
    used_bytes INTEGER,
    quota_bytes INTEGER,
    remaining_bytes INTEGER,
    balance TEXT,
    expires_on TEXT,
    end_asked_at INTEGER,
    next_at INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    told TEXT NOT NULL DEFAULT '',
    told_at INTEGER,
    directive TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX card_facts_by_turn ON card_facts (account, next_at);

-- What platforms were told to do. The row is there before the platform is asked: nothing is done twice.
CREATE TABLE card_acts (
    key TEXT NOT NULL PRIMARY KEY,
    iccid TEXT NOT NULL,
    account TEXT NOT NULL,
    act TEXT NOT NULL,
    product TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX card_acts_by_card ON card_acts (iccid, at);

-- Who asks an account now, when it is left in peace, and how it went.
CREATE TABLE platform_state (
    account TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL DEFAULT '',
    held_until INTEGER NOT NULL DEFAULT 0,
    pause_until INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    calls INTEGER NOT NULL DEFAULT 0,
    errors INTEGER NOT NULL DEFAULT 0,
    throttled INTEGER NOT NULL DEFAULT 0,
    good_at INTEGER,
    error TEXT NOT NULL DEFAULT '',
    error_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX cards_by_account ON cards (account, iccid) WHERE account <> '';
