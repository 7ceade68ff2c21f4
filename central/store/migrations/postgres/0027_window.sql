-- The newest block of numbers a terminal has delivered, beside what else is known of it now (`received` has the others): a
-- report then touches one row less. `epoch` is the text of `epoch_number`. The window only moves forward.
ALTER TABLE terminal_state ADD COLUMN epoch text;
ALTER TABLE terminal_state ADD COLUMN epoch_number bigint;
ALTER TABLE terminal_state ADD COLUMN block bigint;
ALTER TABLE terminal_state ADD COLUMN bits bigint;

UPDATE terminal_state SET (epoch, epoch_number, block, bits) = (
    SELECT e.epoch, r.epoch_number, r.block, r.bits
    FROM received r JOIN epochs e ON e.terminal = r.terminal AND e.number = r.epoch_number
    WHERE r.terminal = terminal_state.terminal ORDER BY r.epoch_number DESC, r.block DESC LIMIT 1
);
