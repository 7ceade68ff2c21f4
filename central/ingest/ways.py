"""The ways in beside HTTP, as the settings name them. Their libraries are loaded only where they are used."""

from collections.abc import Callable, Coroutine

from central.config import ConfigError, Settings
from central.intake import Intake
from central.store.database import Whole

Way = Callable[[], Coroutine[None, None, None]]


def other_ways(settings: Settings, intake: Intake, store: Whole) -> list[Way]:
    """Each to be run until it is cancelled. Raises ConfigError."""
    found: list[Way] = []
    if settings.mqtt.mqtt_url:
        found.append(_mqtt(settings, intake))
    if settings.coap.coap_listen:
        found.append(_coap(settings, intake, store))
    return found


def _coap(settings: Settings, intake: Intake, store: Whole) -> Way:
    try:
        from central.ingest.coap import CoapWay
    except ImportError:
        raise ConfigError("coap_listen needs its library: pip install 'posagent[central,coap]'") from None
    return CoapWay(settings.coap.coap_listen, intake, store).run


def _mqtt(settings: Settings, intake: Intake) -> Way:
    chosen = settings.mqtt
    try:
        from central.ingest.mqtt import MqttWay, read_settings
    except ImportError:
        raise ConfigError("mqtt_url needs its library: pip install 'posagent[central,mqtt]'") from None
    try:
        read = read_settings(chosen.mqtt_url, chosen.mqtt_password_file, chosen.mqtt_ca_file, chosen.mqtt_group)
    except (ValueError, OSError) as error:
        raise ConfigError(str(error)) from None
    return MqttWay(read, intake).run
