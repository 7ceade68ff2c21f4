"""A PostgreSQL cluster of our own: real server, temporary directory, unix socket only, made once for all tests.

The server refuses to run as root; then it runs as `postgres`, the user that Debian's package makes.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import psycopg

_SETTINGS = ("fsync=off", "synchronous_commit=on", "listen_addresses=", "max_connections=60", "shared_buffers=32MB")
_PATIENCE_S = "300"
_numbers = count(1)


class Cluster:
    """Started when made; `stop` ends it and removes its files."""

    def __init__(self, *settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 bytes
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user is not None:
            entry = pwd.getpwnam(self._user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self._do("initdb", "-D", str(self.data), "-U", "posagent", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = " ".join(f"-c {one}" for one in (*_SETTINGS, *settings))
        self._options = f"{options} -k {self.folder}"
        self.start()

    def start(self) -> None:
        log = str(self.folder / "log")
        self._do("pg_ctl", "-D", str(self.data), "-w", "-t", _PATIENCE_S, "-l", log, "-o", self._options, "start")

    def halt(self) -> None:
        """At once, as if its machine had lost power."""
        self._do("pg_ctl", "-D", str(self.data), "-w", "-t", _PATIENCE_S, "-m", "immediate", "stop")

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://posagent@/{database}?host={self.folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new and empty database, dropped afterwards."""
        name = f"t{next(_numbers)}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield self.url(name)
        finally:
            self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _do(self, program: str, *arguments: str) -> None:
        command = [str(binaries() / program), *arguments]
        if self._user is not None:
            entry = pwd.getpwnam(self._user)
            ids = ["--reuid", str(entry.pw_uid), "--regid", str(entry.pw_gid), "--clear-groups"]
            command = ["setpriv", *ids, *command]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@cache
def binaries() -> Path:
    """Where Debian keeps the server's programs, of the newest version there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    assert found, "PostgreSQL is not installed: apt-get install postgresql"
    return found[-1].parent


@cache
def shared() -> Cluster:
    """The cluster of this test process."""
    cluster = Cluster()
    atexit.register(cluster.stop)
    return cluster
