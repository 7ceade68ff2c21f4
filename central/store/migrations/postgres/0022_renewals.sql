-- What the renewal desk knows beforehand of a terminal: its card, the card's end, when the data runs out at the rate of
-- its own use. Kept up to date from terminal_state by central/renewals/outlook.py; receiving a report costs nothing more.
CREATE TABLE outlook (
    terminal text COLLATE "C" NOT NULL PRIMARY KEY,
    iccid text COLLATE "C" NOT NULL,
    imei text NOT NULL,
    carrier text NOT NULL,
    expires_on text,
    runs_out_on text,
    early text,
    late text,
    used_bytes bigint,
    quota_bytes bigint,
    verdict text NOT NULL,
    heard bigint NOT NULL
);
CREATE INDEX outlook_by_end ON outlook (expires_on);
CREATE INDEX outlook_by_data ON outlook (runs_out_on) WHERE runs_out_on IS NOT NULL;

-- Data used in each cycle of a card, as the terminal told it.
CREATE TABLE data_cycles (
    terminal text COLLATE "C" NOT NULL,
    iccid text COLLATE "C" NOT NULL,
    began_on text COLLATE "C" NOT NULL,
    last_on text NOT NULL,
    used_bytes bigint NOT NULL,
    quota_bytes bigint,
    PRIMARY KEY (terminal, iccid, began_on)
);

ALTER TABLE plans ADD COLUMN tiers text NOT NULL DEFAULT '';
ALTER TABLE plans ADD COLUMN lead_days bigint;
ALTER TABLE plans ADD COLUMN order_day bigint;
ALTER TABLE cards ADD COLUMN account text NOT NULL DEFAULT '';
ALTER TABLE cards ADD COLUMN pool text NOT NULL DEFAULT '';
ALTER TABLE cards ADD COLUMN received_on text;
ALTER TABLE cards ADD COLUMN use_by text;

CREATE TABLE pools (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL,
    carrier text NOT NULL,
    account text NOT NULL,
    total_mb bigint,
    cycle_day bigint,
    ends_on text,
    note text NOT NULL
);

-- Days that differ from the week: works 0 = closed, 1 = a working day although a weekend.
CREATE TABLE holidays (day text COLLATE "C" NOT NULL PRIMARY KEY, works bigint NOT NULL, name text NOT NULL);

CREATE TABLE renewal_batches (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    made_at bigint NOT NULL,
    made_by text NOT NULL,
    title text NOT NULL,
    carrier text NOT NULL,
    account text NOT NULL,
    reference text NOT NULL DEFAULT ''
);
CREATE INDEX batches_by_time ON renewal_batches (made_at);

CREATE TABLE renewals (
    terminal text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    iccid text COLLATE "C" NOT NULL,
    why text NOT NULL,
    period text COLLATE "C" NOT NULL,
    batch text NOT NULL,
    state text NOT NULL,
    reason text,
    msisdn text NOT NULL,
    carrier text NOT NULL,
    account text NOT NULL,
    plan text,
    merchant text NOT NULL,
    shop text NOT NULL,
    price text,
    amount text,
    currency text NOT NULL,
    expected text,
    new_end text,
    note text NOT NULL DEFAULT '',
    made_at bigint NOT NULL,
    ordered_at bigint,
    paid_at bigint,
    paid_by text,
    payment text,
    settled_at bigint,
    directive text,
    suspects text NOT NULL DEFAULT '',
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (terminal, id)
);
CREATE INDEX renewals_by_batch ON renewals (batch);
CREATE INDEX renewals_by_state ON renewals (state, paid_at);
CREATE INDEX renewals_by_paid ON renewals (paid_at) WHERE paid_at IS NOT NULL;

-- Nothing is renewed twice: of a card and a period one renewal that was not withdrawn, and of a card one that is open.
CREATE TABLE renewal_locks (iccid text COLLATE "C" NOT NULL, what text COLLATE "C" NOT NULL, renewal text NOT NULL, PRIMARY KEY (iccid, what));

CREATE TABLE payments (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    batch text NOT NULL,
    at bigint NOT NULL,
    who text NOT NULL,
    paid_on text NOT NULL,
    amount text NOT NULL,
    currency text NOT NULL,
    reference text NOT NULL,
    cards bigint NOT NULL
);
CREATE INDEX payments_by_batch ON payments (batch);

CREATE TABLE vouchers (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    batch text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    at bigint NOT NULL,
    who text NOT NULL,
    content bytea NOT NULL
);
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
