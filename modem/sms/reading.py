"""A decoded PDU as the reading that people and programs get."""

from modem.sms.pdu import Message, PduError, decode
from modem.values import Sms


def sms_of(
    message: Message,
    *,
    index: int | None = None,
    storage: str | None = None,
    status: str | None = None,
    pdu: str | None = None,
) -> Sms:
    """The reading of one PDU; halves of surrogate pairs become stand-ins, so that it can be written anywhere."""
    part = message.part
    about = message.reference if message.kind == "status_report" else None
    return Sms(
        index=index,
        storage=storage,
        status=status,
        sender=message.sender,
        recipient=message.recipient,
        time=message.time.isoformat() if message.time else None,
        text=whole(message.text) if message.text is not None else None,
        pdu=pdu,
        part=part.number if part else None,
        parts=part.parts if part else None,
        reference=part.reference if part else about,
        message_class=message.message_class,
        data=message.data.hex().upper() if message.data is not None else None,
        delivery=message.delivery,
        problems=message.problems,
    )


def read_pdu(pdu: str, *, length: int | None = None, index: int | None = None, status: str | None = None) -> Sms:
    """The reading of a PDU line; what cannot be decoded stays in `pdu`, and `problems` says why."""
    line = pdu.strip().upper()
    try:
        message = decode(line, length, outgoing=status in ("unsent", "sent"))
    except PduError as error:
        return Sms(index=index, status=status, pdu=line, problems=(f"unreadable: {error}",))
    return sms_of(message, index=index, status=status, pdu=line)


def whole(text: str) -> str:
    """Surrogate halves put together where both are there, stand-ins for the others."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
