-- What the centre asks of a terminal; given out with each answer until it is acknowledged.
CREATE TABLE directives (
    terminal text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    sent_by text NOT NULL,
    acked_at bigint,
    outcome text,
    detail text,
    PRIMARY KEY (terminal, id)
);
CREATE INDEX directives_open ON directives (terminal, expires_at) WHERE acked_at IS NULL;
