"""Africa: names repeat across borders, so the country mostly comes from the currency."""

from agent.plan.messages.carriers.base import Carrier

CARRIERS = (
    Carrier("Safaricom", "KE", names=("safaricom",), signatures=("safaricom",), senders=("(?i)safaricom",)),
    Carrier("Telkom Kenya", "KE", names=("telkom kenya",), signatures=("telkom kenya",)),
    Carrier("MTN Nigeria", "NG", names=("mtn ng", "mtn nigeria"), signatures=("mtn nigeria",)),
    Carrier("Glo", "NG", names=("glo", "glo mobile"), signatures=("glo data", "hsi.glo.com"), senders=("(?i)glo",)),
    Carrier("9mobile", "NG", names=("9mobile", "etisalat ng"), signatures=("9mobile",)),
    Carrier("Airtel Nigeria", "NG", names=("airtel ng",)),
    Carrier("MTN Ghana", "GH", names=("mtn gh", "mtn ghana"), signatures=("mtn ghana",)),
    Carrier("Telecel", "GH", names=("telecel", "vodafone gh"), signatures=("telecel",)),
    Carrier("Vodacom", "ZA", names=("vodacom",), signatures=("vodacom", "my vodacom")),
    Carrier("MTN South Africa", "ZA", names=("mtn za", "mtn sa")),
    Carrier("Cell C", "ZA", names=("cell c", "cell-c", "cellc"), signatures=("cellc", "cell c")),
    Carrier("Telkom", "ZA", names=("telkom", "8.ta"), signatures=("telkom",)),
    Carrier("MTN", None, names=("mtn",), signatures=("mtn", "y'ello", "yello")),
    Carrier("Airtel Africa", None, names=("airtel africa",)),
    Carrier("Tigo", None, names=("tigo",), signatures=("tigo",)),
    Carrier("Moov", None, names=("moov",), signatures=("moov",)),
    Carrier("Ethio telecom", "ET", names=("ethio telecom", "ethiotel"), signatures=("ethio telecom",)),
    Carrier("Vodacom Tanzania", "TZ", names=("vodacom tz",)),
    Carrier("Halotel", "TZ", names=("halotel",), signatures=("halotel",)),
    Carrier("Africell", None, names=("africell",), signatures=("africell",)),
    Carrier("Maroc Telecom", "MA", names=("maroc telecom", "iam"), signatures=("maroc telecom", "jawal")),
    Carrier("inwi", "MA", names=("inwi",), signatures=("inwi",)),
    Carrier("Djezzy", "DZ", names=("djezzy",), signatures=("djezzy",)),
    Carrier("Mobilis", "DZ", names=("mobilis",), signatures=("mobilis",)),
    Carrier("MTN Eswatini", "SZ", names=("mtn eswatini",)),
    Carrier("Econet", "ZW", names=("econet",), signatures=("econet",)),
)
