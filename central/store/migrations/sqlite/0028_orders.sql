-- What the platform calls a plan that is ordered there; '' = as it is called here.
ALTER TABLE plans ADD COLUMN product TEXT NOT NULL DEFAULT '';

-- Orders on their way to a carrier's platform, one a renewal; who carries one holds it for a while. The platform is asked
-- under `key` (card_acts), which changes only when somebody orders anew.
CREATE TABLE renewal_orders (
    terminal TEXT NOT NULL,
    renewal TEXT NOT NULL,
    batch TEXT NOT NULL,
    iccid TEXT NOT NULL,
    account TEXT NOT NULL,
    product TEXT NOT NULL,
    key TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    holder TEXT NOT NULL DEFAULT '',
    held_until INTEGER NOT NULL DEFAULT 0,
    settled_at INTEGER,
    PRIMARY KEY (terminal, renewal)
) STRICT, WITHOUT ROWID;
CREATE INDEX renewal_orders_by_batch ON renewal_orders (batch);
CREATE INDEX renewal_orders_waiting ON renewal_orders (account, next_at) WHERE state = 'waiting';

-- A password that somebody else chose is to be changed by whoever it is for.
ALTER TABLE users ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
