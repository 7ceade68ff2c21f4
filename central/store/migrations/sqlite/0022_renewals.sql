-- What the renewal desk knows beforehand of a terminal: its card, the card's end, when the data runs out at the rate of
-- its own use. Kept up to date from terminal_state by central/renewals/outlook.py; receiving a report costs nothing more.
CREATE TABLE outlook (
    terminal TEXT NOT NULL PRIMARY KEY,
    iccid TEXT NOT NULL,
    imei TEXT NOT NULL,
    carrier TEXT NOT NULL,
    expires_on TEXT,
    runs_out_on TEXT,
    early TEXT,
    late TEXT,
    used_bytes INTEGER,
    quota_bytes INTEGER,
    verdict TEXT NOT NULL,
    heard INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outlook_by_end ON outlook (expires_on);
CREATE INDEX outlook_by_data ON outlook (runs_out_on) WHERE runs_out_on IS NOT NULL;

-- Data used in each cycle of a card, as the terminal told it.
CREATE TABLE data_cycles (
    terminal TEXT NOT NULL,
    iccid TEXT NOT NULL,
    began_on TEXT NOT NULL,
    last_on TEXT NOT NULL,
    used_bytes INTEGER NOT NULL,
    quota_bytes INTEGER,
    PRIMARY KEY (terminal, iccid, began_on)
) STRICT, WITHOUT ROWID;

ALTER TABLE plans ADD COLUMN tiers TEXT NOT NULL DEFAULT '';
ALTER TABLE plans ADD COLUMN lead_days INTEGER;
ALTER TABLE plans ADD COLUMN order_day INTEGER;
ALTER TABLE cards ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE cards ADD COLUMN pool TEXT NOT NULL DEFAULT '';
ALTER TABLE cards ADD COLUMN received_on TEXT;
ALTER TABLE cards ADD COLUMN use_by TEXT;

CREATE TABLE pools (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    carrier TEXT NOT NULL,
    account TEXT NOT NULL,
    total_mb INTEGER,
    cycle_day INTEGER,
    ends_on TEXT,
    note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Days that differ from the week: works 0 = closed, 1 = a working day although a weekend.
CREATE TABLE holidays (day TEXT NOT NULL PRIMARY KEY, works INTEGER NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE renewal_batches (
    id TEXT NOT NULL PRIMARY KEY,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    title TEXT NOT NULL,
    carrier TEXT NOT NULL,
    account TEXT NOT NULL,
    reference TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX batches_by_time ON renewal_batches (made_at);

CREATE TABLE renewals (
    terminal TEXT NOT NULL,
    id TEXT NOT NULL,
    iccid TEXT NOT NULL,
    why TEXT NOT NULL,
    period TEXT NOT NULL,
    batch TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    msisdn TEXT NOT NULL,
    carrier TEXT NOT NULL,
    account TEXT NOT NULL,
    plan TEXT,
    merchant TEXT NOT NULL,
    shop TEXT NOT NULL,
    price TEXT,
    amount TEXT,
    currency TEXT NOT NULL,
    expected TEXT,
    new_end TEXT,
    note TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL,
    ordered_at INTEGER,
    paid_at INTEGER,
    paid_by TEXT,
    payment TEXT,
    settled_at INTEGER,
    directive TEXT,
    suspects TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (terminal, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX renewals_by_batch ON renewals (batch);
CREATE INDEX renewals_by_state ON renewals (state, paid_at);
CREATE INDEX renewals_by_paid ON renewals (paid_at) WHERE paid_at IS NOT NULL;

-- Nothing is renewed twice: of a card and a period one renewal that was not withdrawn, and of a card one that is open.
CREATE TABLE renewal_locks (iccid TEXT NOT NULL, what TEXT NOT NULL, renewal TEXT NOT NULL, PRIMARY KEY (iccid, what))
STRICT, WITHOUT ROWID;

CREATE TABLE payments (
    id TEXT NOT NULL PRIMARY KEY,
    batch TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    paid_on TEXT NOT NULL,
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    reference TEXT NOT NULL,
    cards INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_by_batch ON payments (batch);

CREATE TABLE vouchers (
    id TEXT NOT NULL PRIMARY KEY,
    batch TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX vouchers_by_batch ON vouchers (batch);


-- China: 2026 as announced by the State Council on 2025-11-04; 2027 by the law alone (the week of the Spring Festival and of
-- the National Day whole), until the announcement is brought in (console, or PUT /api/v1/holidays).
INSERT INTO holidays (day, works, name) VALUES
    ('2026-01-01', 0, '元旦'),
    ('2026-01-02', 0, '元旦'),
    ('2026-01-03', 0, '元旦'),
    ('2026-01-04', 1, '元旦'),
    ('2026-02-14', 1, '春节'),
    ('2026-02-15', 0, '春节'),
    ('2026-02-16', 0, '春节'),
    ('2026-02-17', 0, '春节'),
    ('2026-02-18', 0, '春节'),
    ('2026-02-19', 0, '春节'),
    ('2026-02-20', 0, '春节'),
    ('2026-02-21', 0, '春节'),
    ('2026-02-22', 0, '春节'),
    ('2026-02-23', 0, '春节'),
    ('2026-02-28', 1, '春节'),
    ('2026-04-04', 0, '清明节'),
    ('2026-04-05', 0, '清明节'),
    ('2026-04-06', 0, '清明节'),
    ('2026-05-01', 0, '劳动节'),
    ('2026-05-02', 0, '劳动节'),
    ('2026-05-03', 0, '劳动节'),
    ('2026-05-04', 0, '劳动节'),
    ('2026-05-05', 0, '劳动节'),
    ('2026-05-09', 1, '劳动节'),
    ('2026-06-19', 0, '端午节'),
    ('2026-06-20', 0, '端午节'),
    ('2026-06-21', 0, '端午节'),
    ('2026-09-20', 1, '国庆节'),
    ('2026-09-25', 0, '中秋节'),
    ('2026-09-26', 0, '中秋节'),
    ('2026-09-27', 0, '中秋节'),
    ('2026-10-01', 0, '国庆节'),
    ('2026-10-02', 0, '国庆节'),
    ('2026-10-03', 0, '国庆节'),
    ('2026-10-04', 0, '国庆节'),
    ('2026-10-05', 0, '国庆节'),
    ('2026-10-06', 0, '国庆节'),
    ('2026-10-07', 0, '国庆节'),
    ('2026-10-10', 1, '国庆节'),
    ('2027-01-01', 0, '元旦'),
    ('2027-02-05', 0, '春节'),
    ('2027-02-06', 0, '春节'),
    ('2027-02-07', 0, '春节'),
    ('2027-02-08', 0, '春节'),
    ('2027-02-09', 0, '春节'),
    ('2027-02-10', 0, '春节'),
    ('2027-02-11', 0, '春节'),
    ('2027-04-05', 0, '清明节'),
    ('2027-05-01', 0, '劳动节'),
    ('2027-05-02', 0, '劳动节'),
    ('2027-06-09', 0, '端午节'),
    ('2027-09-15', 0, '中秋节'),
    ('2027-10-01', 0, '国庆节'),
    ('2027-10-02', 0, '国庆节'),
    ('2027-10-03', 0, '国庆节'),
    ('2027-10-04', 0, '国庆节'),
    ('2027-10-05', 0, '国庆节'),
    ('2027-10-06', 0, '国庆节'),
    ('2027-10-07', 0, '国庆节');
