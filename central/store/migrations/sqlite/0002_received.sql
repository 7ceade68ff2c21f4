-- Which numbers of an epoch are held, sixty a row: `bits` of block b stand for seq 60 b to 60 b + 59. `before` is what
-- the bits were before the newest statement touched them.
CREATE TABLE received (
    terminal TEXT NOT NULL,
    epoch_number INTEGER NOT NULL,
    block INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    before INTEGER NOT NULL,
    PRIMARY KEY (terminal, epoch_number, block)
) STRICT, WITHOUT ROWID;

INSERT INTO received (terminal, epoch_number, block, bits, before)
SELECT terminal, epoch_number, seq / 60, sum(1 << (seq % 60)), 0 FROM reports GROUP BY 1, 2, 3;
