"""Indonesia and Malaysia: dots are thousands in Indonesia, "s/d" means until."""

from agent.plan.messages.carriers.base import Carrier

CARRIERS = (
    Carrier(
        "Telkomsel",
        "ID",
        names=("telkomsel", "simpati", "by.u"),
        signatures=("telkomsel", "tsel", "loopers", "simpati", "byu"),
        senders=("(?i)telkomsel", "(?i)tsel.*"),
    ),
    Carrier(
        "Tri", "ID", names=("tri (3)", "tri", "hutchison"), signatures=("bimatri", "tri"), senders=("(?i)3|tri|bima",)
    ),
    Carrier(
        "Indosat",
        "ID",
        names=("indosat", "im3", "ooredoo id"),
        signatures=("indosat", "im3", "imkas"),
        senders=("(?i)indosat|im3",),
    ),
    Carrier(
        "XL Axiata",
        "ID",
        names=("xl", "axis"),
        signatures=("myxl", "axisnet", "axis", "xl prepaid"),
        senders=("(?i)xl|axis",),
    ),
    Carrier("Smartfren", "ID", names=("smartfren",), signatures=("smartfren",), senders=("(?i)smartfren",)),
    Carrier("Maxis", "MY", names=("maxis", "hotlink"), signatures=("maxis", "hotlink")),
    Carrier("CelcomDigi", "MY", names=("celcom", "digi", "celcomdigi"), signatures=("celcom", "xpax")),
    Carrier("U Mobile", "MY", names=("u mobile",), signatures=("u mobile",)),
)
