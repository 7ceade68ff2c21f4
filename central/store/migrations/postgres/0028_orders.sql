-- What the platform calls a plan that is ordered there; '' = as it is called here.
ALTER TABLE plans ADD COLUMN product text NOT NULL DEFAULT '';

-- Orders on their way to a carrier's platform, one a renewal; who carries one holds it for a while. The platform is asked
-- under `key` (card_acts), which changes only when somebody orders anew.
CREATE TABLE renewal_orders (
    terminal text COLLATE "C" NOT NULL,
    renewal text COLLATE "C" NOT NULL,
    batch text NOT NULL,
    iccid text NOT NULL,
    account text NOT NULL,
    product text NOT NULL,
    key text NOT NULL,
    asked_at bigint NOT NULL,
    asked_by text NOT NULL,
    state text NOT NULL,
    detail text NOT NULL DEFAULT '',
    tries bigint NOT NULL DEFAULT 0,
    next_at bigint NOT NULL,
    holder text NOT NULL DEFAULT '',
    held_until bigint NOT NULL DEFAULT 0,
    settled_at bigint,
    PRIMARY KEY (terminal, renewal)
);
CREATE INDEX renewal_orders_by_batch ON renewal_orders (batch);
CREATE INDEX renewal_orders_waiting ON renewal_orders (account, next_at) WHERE state = 'waiting';

-- A password that somebody else chose is to be changed by whoever it is for.
ALTER TABLE users ADD COLUMN must_change bigint NOT NULL DEFAULT 0;
