-- What a list can be narrowed by is read from these alone: a third of the time of a look at every row.
CREATE INDEX roster_by_merchant ON roster (merchant);
CREATE INDEX roster_by_region ON roster (region);
CREATE INDEX roster_by_operator ON roster (operator);
CREATE INDEX roster_by_verdict ON roster (verdict);
