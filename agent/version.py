"""The version, as a constant: importlib.metadata would cost the daemon 2 MB for one word. A test keeps it equal."""

VERSION = "0.1.0"
