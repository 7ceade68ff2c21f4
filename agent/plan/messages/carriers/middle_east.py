"""Middle East: Iranian carriers write rials, offers in toman (T), and 9378 for "never"."""

from agent.plan.messages.carriers.base import Carrier

CARRIERS = (
    Carrier("MTN Irancell", "IR", names=("irancell", "mtn irancell"), signatures=("irancell",)),
    Carrier("MCI", "IR", names=("mci", "hamrah"), signatures=("hamrah",)),
    Carrier("RighTel", "IR", names=("rightel",), signatures=("rightel",)),
    Carrier("Turkcell", "TR", names=("turkcell",), signatures=("turkcell",)),
    Carrier("Vodafone Turkey", "TR", names=("vodafone tr",)),
    Carrier("Turk Telekom", "TR", names=("turk telekom",), signatures=("turk telekom",)),
    Carrier("STC", "SA", names=("stc",), signatures=("stc", "sawa")),
    Carrier("Mobily", "SA", names=("mobily",), signatures=("mobily",)),
    Carrier("Zain", "SA", names=("zain",), signatures=("zain",)),
    Carrier("etisalat", "AE", names=("etisalat", "e&"), signatures=("etisalat",)),
    Carrier("du", "AE", names=("du",), signatures=("du prepaid",)),
    Carrier("Ooredoo", "QA", names=("ooredoo",), signatures=("ooredoo",)),
    Carrier("Vodafone Egypt", "EG", names=("vodafone eg", "vodafone egypt"), signatures=("ana vodafone",)),
    Carrier("WE", "EG", names=("we",)),
    Carrier("Cellcom", "IL", names=("cellcom",), signatures=("cellcom",)),
    Carrier("Pelephone", "IL", names=("pelephone",), signatures=("pelephone",)),
)
