"""The Americas: month first only in the United States and Canada."""

from agent.plan.messages.carriers.base import Carrier

CARRIERS = (
    Carrier(
        "T-Mobile US",
        "US",
        names=("t-mobile us", "t-mobile"),
        signatures=("t-mobile",),
        senders=("(?i)t-?mobile|128|456",),
    ),
    Carrier(
        "AT&T",
        "US",
        names=("at&t", "at&t gophone"),
        signatures=("at&t", "att free msg", "gophone"),
        senders=("(?i)at&t",),
    ),
    Carrier("Verizon", "US", names=("verizon",), signatures=("verizon", "vzw")),
    Carrier("Tracfone", "US", names=("tracfone",), signatures=("tracfone",)),
    Carrier("Mint Mobile", "US", names=("mint mobile",), signatures=("mint mobile",)),
    Carrier("Rogers", "CA", names=("rogers",), signatures=("rogers",)),
    Carrier("7-Eleven Speakout", "CA", names=("speakout", "7-eleven speakout"), signatures=("speakout",)),
    Carrier("Telcel", "MX", names=("telcel",), signatures=("telcel",)),
    Carrier("AT&T Mexico", "MX", names=("at&t mexico",)),
    Carrier("Claro", None, names=("claro",), signatures=("claro",)),
    Carrier("Vivo", "BR", names=("vivo",), signatures=("vivo",)),
    Carrier("TIM Brasil", "BR", names=("tim br",), signatures=("tim beta",)),
    Carrier("Oi", "BR", names=("oi",), signatures=("oi movel",)),
    Carrier("Entel", "CL", names=("entel",), signatures=("entel",)),
    Carrier("WOM", "CL", names=("wom",), signatures=("wom",)),
    Carrier("Personal", "AR", names=("personal",), signatures=("personal argentina",)),
    Carrier("Kolbi", "CR", names=("kolbi",), signatures=("kolbi",)),
    Carrier("Digicel", None, names=("digicel",), signatures=("digicel",)),
    Carrier("Tigo Guatemala", "GT", names=("tigo gt", "tigo guatemala"), signatures=("paquetigos", "kiosko tigo")),
)
