-- Old heartbeats, an hour (span 3600) or a day (86400) a row. Times are of the centre's clock, in UTC.
CREATE TABLE summaries (
    terminal text COLLATE "C" NOT NULL,
    span bigint NOT NULL,
    start bigint NOT NULL,
    reports bigint NOT NULL,
    beats bigint NOT NULL,
    bad_beats bigint NOT NULL,
    signals bigint NOT NULL,
    signal_sum double precision NOT NULL,
    signal_min double precision,
    used_max bigint,
    PRIMARY KEY (terminal, span, start)
);
