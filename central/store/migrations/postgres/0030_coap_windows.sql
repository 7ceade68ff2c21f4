-- Below which number of a terminal's CoAP context nothing new is accepted; reserved ahead, by any process.
CREATE TABLE coap_windows (
    terminal text COLLATE "C" NOT NULL,
    context text COLLATE "C" NOT NULL,
    upto bigint NOT NULL,
    begun_at bigint NOT NULL,
    PRIMARY KEY (terminal, context)
);
