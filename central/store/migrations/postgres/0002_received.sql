-- Which numbers of an epoch are held, sixty a row: `bits` of block b stand for seq 60 b to 60 b + 59. `before` is what
-- the bits were before the newest statement touched them.
CREATE TABLE received (
    terminal text COLLATE "C" NOT NULL,
    epoch_number bigint NOT NULL,
    block bigint NOT NULL,
    bits bigint NOT NULL,
    before bigint NOT NULL,
    PRIMARY KEY (terminal, epoch_number, block)
) WITH (fillfactor = 70);
