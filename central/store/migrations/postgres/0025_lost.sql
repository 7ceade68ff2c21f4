-- When the fleet's own broker last lost a terminal's connection (its MQTT will).
ALTER TABLE watch ADD COLUMN lost_at bigint;
