"""What can go wrong between us and ModemManager. All are `ModemError`s: expected in the life of a terminal."""

from modem.errors import ModemError


class ModemManagerAbsent(ModemError):
    """No ModemManager to talk to: it does not run, there is no system bus, or the D-Bus library is not installed."""


class DbusError(ModemError):
    """A call failed. `name` is the error's D-Bus name, or one of ours: "timeout", "closed", "unreadable"."""

    def __init__(self, call: str, name: str, message: str = "") -> None:
        super().__init__(f"{call}: {message or name}")
        self.call = call
        self.name = name

    @property
    def forbidden(self) -> bool:
        """The bus, ModemManager or PolicyKit said that we may not."""
        return self.name in _FORBIDDEN or "PolicyKit authorization failed" in str(self)


class NoSuchModem(ModemError):
    """ModemManager runs, and has no modem, or not the one that was asked for."""


_FORBIDDEN = {
    "org.freedesktop.DBus.Error.AccessDenied",
    "org.freedesktop.ModemManager1.Error.Core.Unauthorized",
}
