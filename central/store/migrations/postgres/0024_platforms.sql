-- What carriers' platforms say of cards, one row a card; what was told to the terminal of it.
CREATE TABLE card_facts (
    iccid text COLLATE "C" NOT NULL PRIMARY KEY,
    account text NOT NULL,
    asked_at bigint,
    state text NOT NULL DEFAULT '',
    reasons text NOT NULL DEFAULT '',
    said text NOT NULL DEFAULT '',
    used_bytes bigint,
    quota_bytes bigint,
    remaining_bytes bigint,
    balance text,
    expires_on text,
    end_asked_at bigint,
    next_at bigint NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '',
    told text NOT NULL DEFAULT '',
    told_at bigint,
    directive text
);
CREATE INDEX card_facts_by_turn ON card_facts (account, next_at);

-- What platforms were told to do. The row is there before the platform is asked: nothing is done twice.
CREATE TABLE card_acts (
    key text COLLATE "C" NOT NULL PRIMARY KEY,
    iccid text COLLATE "C" NOT NULL,
    account text NOT NULL,
    act text NOT NULL,
    product text NOT NULL DEFAULT '',
    at bigint NOT NULL,
    who text NOT NULL,
    state text NOT NULL,
    detail text NOT NULL DEFAULT ''
);
CREATE INDEX card_acts_by_card ON card_acts (iccid, at);

-- Who asks an account now, when it is left in peace, and how it went.
CREATE TABLE platform_state (
    account text COLLATE "C" NOT NULL PRIMARY KEY,
    holder text NOT NULL DEFAULT '',
    held_until bigint NOT NULL DEFAULT 0,
    pause_until bigint NOT NULL DEFAULT 0,
    failures bigint NOT NULL DEFAULT 0,
    calls bigint NOT NULL DEFAULT 0,
    errors bigint NOT NULL DEFAULT 0,
    throttled bigint NOT NULL DEFAULT 0,
    good_at bigint,
    error text NOT NULL DEFAULT '',
    error_at bigint
);
CREATE INDEX cards_by_account ON cards (account, iccid) WHERE account <> '';
