"""AT modems, watched: an engine without I/O, dialects as data, typed readings. Usable with no daemon in sight."""
