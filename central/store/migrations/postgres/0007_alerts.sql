-- What a rule holds to be wrong with a terminal (or, with terminal '', an incident or the whole fleet).
CREATE TABLE alerts (
    terminal text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    state text NOT NULL,
    since bigint NOT NULL,
    changed_at bigint NOT NULL,
    told_at bigint,
    escalated_at bigint,
    acked_at bigint,
    acked_by text,
    starts text NOT NULL,
    severity text NOT NULL,
    facts text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (terminal, rule, code, subject)
);

CREATE TABLE deliveries (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    channel text NOT NULL,
    terminal text NOT NULL,
    made_at bigint NOT NULL,
    due_at bigint NOT NULL,
    state text NOT NULL,
    attempts bigint NOT NULL,
    severity text NOT NULL,
    message text NOT NULL,
    error text,
    done_at bigint
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX deliveries_by_time ON deliveries (made_at);
