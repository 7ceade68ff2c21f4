-- Who is watched: the state last noted, when it began, and when to look next if nothing is heard until then. `heard` is
-- the last report known when the state began; a report after it ends a silence.
CREATE TABLE watch (
    terminal text COLLATE "C" NOT NULL PRIMARY KEY,
    state text NOT NULL,
    since bigint NOT NULL,
    check_at bigint NOT NULL,
    heard bigint NOT NULL,
    hours_set text,
    hours_learned text,
    learned_at bigint
);
CREATE INDEX watch_by_check ON watch (check_at);
CREATE INDEX watch_by_state ON watch (state) WHERE state <> 'up';

CREATE TABLE flips (
    terminal text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    previous text NOT NULL,
    noticed_at bigint NOT NULL,
    reason text,
    PRIMARY KEY (terminal, at, state)
);
CREATE INDEX flips_by_time ON flips (at);

-- One row: the last moment at which any process of the centre was watching.
CREATE TABLE pulse (id bigint NOT NULL PRIMARY KEY, at bigint NOT NULL);
-- When nobody was.
CREATE TABLE outages (start bigint NOT NULL PRIMARY KEY, until bigint NOT NULL, cause text NOT NULL);
