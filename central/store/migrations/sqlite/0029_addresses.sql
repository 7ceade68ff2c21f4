-- Where a shop is, and whom to call there.
ALTER TABLE assets ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE assets ADD COLUMN contact TEXT NOT NULL DEFAULT '';
