-- Below which number of a terminal's CoAP context nothing new is accepted; reserved ahead, by any process.
CREATE TABLE coap_windows (
    terminal TEXT NOT NULL,
    context TEXT NOT NULL,
    upto INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    PRIMARY KEY (terminal, context)
) STRICT, WITHOUT ROWID;
