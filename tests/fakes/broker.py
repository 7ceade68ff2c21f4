"""A real mosquitto for a test: TLS on localhost, a password for each terminal, the access list of docs/mqtt.md."""

import re
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from agent.cli.demo import free_port
from tests.fakes.eventually import eventually
from tests.fakes.http_server import TLS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "mqtt.md"
CENTRE = ("centre", "centre-password")


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    assert found, f"{name} is not installed: apt-get install mosquitto"
    return found


def access_list() -> str:
    """As the documents give it."""
    (found,) = re.findall(r"```acl\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


@dataclass
class Broker:
    folder: Path
    users: dict[str, str] = field(default_factory=dict)
    """Names and passwords, beside the centre's."""
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def __enter__(self) -> "Broker":
        self.port = free_port()
        self._write()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"mqtts://localhost:{self.port}"

    def start(self) -> None:
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program("mosquitto"), "-c", str(self.folder / "broker.conf")], stdout=log, stderr=log
            )
        eventually(self._answers, "the broker listens")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)

    def kill(self) -> None:
        """As a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)

    def log(self) -> str:
        return (self.folder / "broker.log").read_text(errors="replace")

    def _write(self) -> None:
        passwords = self.folder / "broker.passwords"
        passwords.touch()
        for name, password in [CENTRE, *self.users.items()]:
            command = [program("mosquitto_passwd"), "-b", str(passwords), name, password]
            subprocess.run(command, check=True, capture_output=True)
        (self.folder / "broker.acl").write_text(access_list())
        (self.folder / "broker.conf").write_text(
            f"""user root
listener {self.port} 127.0.0.1
certfile {TLS / "server.pem"}
keyfile {TLS / "server.pem"}
allow_anonymous false
password_file {passwords}
acl_file {self.folder / "broker.acl"}
log_type all
"""
        )

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
