"""What to say about a card that may be locked to its modem (机卡绑定) before anybody moves one: at enrolment."""

from agent.cli.context import CliError, Context

_GENERAL = (
    "换卡提示：物联网卡大多与首次使用的设备绑定，换到别的设备会停机（机卡分离）。移动流量卡之前，先在运营商平台解绑。",
    "Before a data card is moved: most IoT cards are cut off in any modem but their first. Have it unbound first.",
)


def before_moving(context: Context) -> str | None:
    """Of the card that daemon or files know; in general where none is known; None for a card that may be moved."""
    from agent.card import lock_of, warning
    from agent.cli.usage import asked_or_read
    from agent.control import Refused

    try:
        card = asked_or_read(context, "plan").get("card") or {}
    except (CliError, Refused, OSError):
        card = {}
    lock = card.get("lock") or lock_of(card.get("iccid"))
    if lock == "unlikely":
        return None
    return warning(lock, context.lang) or _GENERAL[context.lang == "en"]
