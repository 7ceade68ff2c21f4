"""Which questions a look asks, in which order, and which field of the snapshot their answers support."""

from collections.abc import Mapping

from modem.dialect import Question
from modem.values import Domain

DOMAIN_QUESTIONS: Mapping[Question, Domain] = {
    Question.REGISTRATION_EPS: "eps",
    Question.REGISTRATION_5GS: "5gs",
    Question.REGISTRATION_PS: "ps",
    Question.REGISTRATION_CS: "cs",
}
"""In the order of a light look, which stops at the first domain that is registered."""
DOMAINS: tuple[Domain, ...] = tuple(DOMAIN_QUESTIONS.values())
LIGHT_COMMANDS = 5
LIGHT_DOMAINS = 3
CARD_QUESTIONS = (Question.SIM, Question.ICCID, Question.IMSI, Question.PIN_RETRIES, Question.OWN_NUMBER)
DEEP = (
    Question.SIM,
    Question.ICCID,
    Question.SIM_SLOTS,
    Question.IMSI,
    Question.FUNCTIONALITY,
    *DOMAIN_QUESTIONS,
    Question.SIGNAL,
    Question.OPERATOR,
    Question.ATTACH,
    Question.CONTEXTS,
    Question.CONTEXTS_ACTIVE,
    Question.ADDRESSES,
    Question.CONTEXT_PARAMS,
    Question.NETWORK_INFO,
    Question.CELL,
    Question.ERROR_CAUSE,
    Question.PIN_RETRIES,
    Question.OWN_NUMBER,
    Question.COUNTERS,
    Question.CLOCK,
    Question.TEMPERATURE,
    Question.VOLTAGE,
)
"""What decides the verdict first: a look that is cut short by its deadline has the important half. The slot is asked
beside the card's number: a modem that switches in the middle of a look would have the old card in the new slot.
"""
ONCE = (Question.SIM_SLOTS,)
"""Refused with a good card in, it is not offered by this modem at all (one slot), and every other way was tried."""
IDENTITY = (Question.MANUFACTURER, Question.MODEL, Question.FIRMWARE, Question.IMEI)

ABOUT: Mapping[Question, str] = {
    Question.MANUFACTURER: "modem.manufacturer",
    Question.MODEL: "modem.model",
    Question.FIRMWARE: "modem.firmware",
    Question.IMEI: "modem.imei",
    Question.SIM: "sim.state",
    Question.PIN_RETRIES: "sim.pin_retries",
    Question.ICCID: "sim.iccid",
    Question.IMSI: "sim.imsi",
    Question.OWN_NUMBER: "sim.msisdn",
    Question.SIGNAL: "signal",
    Question.REGISTRATION_CS: "network.registration",
    Question.REGISTRATION_PS: "network.registration",
    Question.REGISTRATION_EPS: "network.registration",
    Question.REGISTRATION_5GS: "network.registration",
    Question.OPERATOR: "network.operator",
    Question.ATTACH: "data.attached",
    Question.CONTEXTS: "data.contexts",
    Question.CONTEXTS_ACTIVE: "data.contexts",
    Question.ADDRESSES: "data.contexts",
    Question.CONTEXT_PARAMS: "data.contexts",
    Question.ERROR_CAUSE: "data.last_error",
    Question.CLOCK: "clock",
    Question.FUNCTIONALITY: "modem.functionality",
    Question.COUNTERS: "usage",
    Question.CELL: "network.cell",
    Question.NETWORK_INFO: "network.technology",
    Question.TEMPERATURE: "modem.temperature_c",
    Question.VOLTAGE: "modem.voltage_mv",
    Question.SIM_SLOTS: "sim.slot",
}
"""The field of the snapshot that an answer supports."""
