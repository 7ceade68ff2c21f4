"""A serial device that may be a modem's AT port, as sysfs describes it."""

from modem.frozen import dataclass
from modem.known import DRIVERS, Role, known, role


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that may carry AT. None: sysfs does not say, or it is no USB device."""

    device: str
    """ "/dev/ttyUSB2": good until the modem re-enumerates."""
    by_path: str | None = None
    """Its name in /dev/serial/by-path: stays as long as the cable stays."""
    usb_path: str | None = None
    """ "1-1.2:1.3": bus, ports, configuration and interface; the same information from the kernel itself."""
    vendor_id: str | None = None
    """Four hex digits in upper case, as all ids here."""
    product_id: str | None = None
    interface: int | None = None
    """bInterfaceNumber: says which of a modem's ports it is (diag, NMEA, AT, PPP), per model."""
    driver: str | None = None
    manufacturer: str | None = None
    product: str | None = None
    protocol: tuple[int, int, int] | None = None
    """bInterfaceClass, bInterfaceSubClass, bInterfaceProtocol."""

    @property
    def is_modem(self) -> bool:
        """Do its ids, its driver or its kind say so? Of what hangs on a UART nothing says anything."""
        return (
            "/wwan" in self.device
            or (self.driver or "") in DRIVERS
            or known(self.vendor_id, self.product_id) is not None
        )

    @property
    def role(self) -> Role | None:
        """What this interface is for by its ids; None: it must be asked."""
        return role(self.vendor_id, self.product_id, self.interface, self.protocol)
