"""India: header names like VM-VICARE, AD-AIRTEL, JD-JIOPAY."""

from agent.plan.messages.carriers.base import Carrier

CARRIERS = (
    Carrier(
        "Vi",
        "IN",
        names=("vodafone idea", "vi", "idea"),
        signatures=("vi app", "vicare", "vi.app", "vi-", "vi hero", "वोडाफोन आइडिया"),
        senders=("[A-Z]{2}-?VI[A-Z]{0,6}",),
    ),
    Carrier(
        "Airtel",
        "IN",
        names=("airtel", "bharti"),
        signatures=("airtel thanks", "airtel", "एयरटेल", "एअरटेल", "ஏர்டெல்", "ఎయిర్టెల్", "এয়ারটেল"),
        senders=("[A-Z]{2}-?AIR[A-Z]{1,6}",),
    ),
    Carrier(
        "Jio",
        "IN",
        names=("jio", "reliance"),
        signatures=("jio", "myjio", "jiocare", "जियो", "जिओ", "ஜியோ", "జియో", "જિયો"),
        senders=("[A-Z]{2}-?JI?O?[A-Z]{1,6}",),
    ),
    Carrier("BSNL", "IN", names=("bsnl",), signatures=("bsnl", "बीएसएनएल"), senders=("[A-Z]{2}-?BSNL?[A-Z]{0,6}",)),
    Carrier("KeralaCircle", "IN", names=("keralacircle",), signatures=("keralacircle",)),
    Carrier("MTNL", "IN", names=("mtnl",), signatures=("mtnl",)),
)
