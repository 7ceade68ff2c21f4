-- What pages ask of everybody, out of narrow trees and not out of every row: how many have which verdict, what changed
-- lately, the middle of a cell's signal, what ends when, who is in a pool. None of these columns changes with an ordinary
-- report.
DROP INDEX roster_by_verdict;
CREATE INDEX roster_by_verdict ON roster (verdict, severity);
CREATE INDEX roster_by_change ON roster (changed_at);
CREATE INDEX roster_by_signal ON roster (technology, rsrp);
CREATE INDEX roster_by_cell ON roster (cell, technology, rsrp);
CREATE INDEX roster_by_shop ON roster (shop);
CREATE INDEX roster_by_end ON roster (expires_on);
CREATE INDEX cards_in_pools ON cards (pool) WHERE pool > '';
CREATE INDEX cards_by_end ON cards (expires_on) WHERE state = 'in_use';
