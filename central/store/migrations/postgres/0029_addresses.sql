-- Where a shop is, and whom to call there.
ALTER TABLE assets ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE assets ADD COLUMN contact text NOT NULL DEFAULT '';
