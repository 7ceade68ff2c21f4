"""Currency words as carriers write them, in plain form (normal.folded). Tables only."""

from collections.abc import Mapping

from agent.plan.messages.table import entries

SYMBOLS: Mapping[str, str] = {
    "元": "CNY", "块": "CNY", "rmb": "CNY", "cny": "CNY", "¥": "CNY", "人民币": "CNY",
    "nt$": "TWD", "twd": "TWD", "hk$": "HKD", "hkd": "HKD", "mop": "MOP",
    "rs": "INR", "inr": "INR", "₹": "INR", "rp": "IDR", "idr": "IDR", "rupees": "INR", "rupiah": "IDR",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "euroa": "EUR", "eiro": "EUR", "eurot": "EUR",
    "евро": "EUR",
    "$": "USD", "usd": "USD", "us$": "USD", "dollars": "USD", "£": "GBP", "gbp": "GBP", "pounds": "GBP",
    "руб": "RUB", "р": "RUB", "r": "RUB", "rub": "RUB", "₽": "RUB", "рублей": "RUB", "рубля": "RUB", "rubley": "RUB",
    "byn": "BYN", "byr": "BYR", "uah": "UAH", "грн": "UAH", "hrn": "UAH", "grn": "UAH", "₴": "UAH",
    "kzt": "KZT", "тг": "KZT", "тенге": "KZT", "₸": "KZT", "сум": "UZS", "uzs": "UZS", "сом": "KGS", "som": "KGS",
    "kgs": "KGS",
    "сомони": "TJS", "gel": "GEL", "₾": "GEL", "lari": "GEL", "amd": "AMD", "dram": "AMD", "azn": "AZN",
    "manat": "AZN", "mdl": "MDL",
    "zl": "PLN", "pln": "PLN", "zlotych": "PLN", "kc": "CZK", "czk": "CZK", "kč": "CZK", "ft": "HUF", "huf": "HUF",
    "forint": "HUF",
    "kr": "SEK", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "isk": "ISK", "chf": "CHF", "fr.": "CHF",
    "lei": "RON", "leu": "RON", "ron": "RON", "лв": "BGN", "lv": "BGN", "bgn": "BGN", "kn": "HRK", "rsd": "RSD",
    "din": "RSD", "km": "BAM",
    "den": "MKD", "mkd": "MKD", "lek": "ALL", "tl": "TRY", "try": "TRY", "₺": "TRY",
    "r$": "BRL", "brl": "BRL", "reais": "BRL", "mxn": "MXN", "pesos": "MXN", "cop": "COP", "clp": "CLP", "ars": "ARS",
    "s/": "PEN", "s/.": "PEN",
    "soles": "PEN", "pen": "PEN", "bs": "BOB", "q": "GTQ", "gtq": "GTQ", "hnl": "HNL", "lps": "HNL", "c$": "NIO",
    "₡": "CRC", "crc": "CRC", "colones": "CRC",
    "rd$": "DOP", "dop": "DOP", "gs": "PYG", "₲": "PYG", "uyu": "UYU", "j$": "JMD", "jmd": "JMD", "htg": "HTG",
    "ttd": "TTD",
    "irr": "IRR", "rial": "IRR", "rials": "IRR", "ريال": "SAR", "ریال": "IRR", "iqd": "IQD", "syp": "SYP",
    "lbp": "LBP", "jod": "JOD", "jd": "JOD",
    "sar": "SAR", "aed": "AED", "dhs": "AED", "qar": "QAR", "omr": "OMR", "kwd": "KWD", "bhd": "BHD", "egp": "EGP",
    "le": "EGP", "جنيه": "EGP", "yer": "YER",
    "درهم": "AED", "دينار": "IQD", "ils": "ILS", "nis": "ILS", "₪": "ILS", "ש\"ח": "ILS", "שח": "ILS", "รบาท": "THB",
    "रु": "INR", "रुपये": "INR", "টাকা": "BDT", "تومان": "IRT", "روپے": "PKR", "ر.س": "SAR", "ج.م": "EGP",
    "د.إ": "AED", "د.ج": "DZD", "د.ك": "KWD", "د.ب": "BHD", "ر.ع": "OMR", "ر.ق": "QAR", "د.أ": "JOD", "د.ت": "TND",
    "د.م": "MAD", "ل.ل": "LBP", "د.ل": "LYD", "د.ع": "IQD", "mad": "MAD", "dh": "MAD", "dzd": "DZD",
    "da": "DZD", "dt": "TND", "tnd": "TND", "lyd": "LYD",
    "ksh": "KES", "kshs": "KES", "kes": "KES", "ush": "UGX", "ugx": "UGX", "shs": "UGX", "tsh": "TZS", "tzs": "TZS",
    "sh": "TZS", "rwf": "RWF", "frw": "RWF", "fbu": "BIF",
    "birr": "ETB", "etb": "ETB", "br": "ETB", "ghs": "GHS", "ghc": "GHS", "gh¢": "GHS", "gh₵": "GHS", "cedis": "GHS",
    "₦": "NGN", "ngn": "NGN", "=n=": "NGN", "naira": "NGN", "n": "NGN",
    "fcfa": "XOF", "f cfa": "XOF", "cfa": "XOF", "xof": "XOF", "xaf": "XAF", "francs": "XOF", "f": "XOF",
    "gnf": "GNF", "ar": "MGA", "ariary": "MGA", "cdf": "CDF", "fc": "CDF",
    "zar": "ZAR", "zmw": "ZMW", "zk": "ZMW", "k": "ZMW", "mwk": "MWK", "mk": "MWK", "mzn": "MZN", "mt": "MZN",
    "mts": "MZN", "bwp": "BWP", "nad": "NAD", "n$": "NAD", "aoa": "AOA", "kz": "AOA", "sdg": "SDG",
    "lkr": "LKR", "pkr": "PKR", "npr": "NPR", "bdt": "BDT", "tk": "BDT", "taka": "BDT", "৳": "BDT", "afn": "AFN",
    "mvr": "MVR",
    "rm": "MYR", "myr": "MYR", "s$": "SGD", "sgd": "SGD", "฿": "THB", "thb": "THB", "baht": "THB", "บาท": "THB",
    "บ.": "THB", "บ": "THB",
    "b": "THB",
    "₱": "PHP", "php": "PHP", "p": "PHP", "piso": "PHP", "peso": "PHP", "đ": "VND", "d": "VND", "vnd": "VND",
    "dong": "VND",
    "₫": "VND", "mmk": "MMK", "ks": "MMK", "kyat": "MMK", "khr": "KHR", "lak": "LAK", "kip": "LAK",
    "円": "JPY", "jpy": "JPY", "원": "KRW", "krw": "KRW", "₩": "KRW", "mnt": "MNT", "₮": "MNT", "a$": "AUD",
    "aud": "AUD", "nz$": "NZD", "nzd": "NZD", "cad": "CAD",
    "ლარი": "GEL", "ლ": "GEL", "դրամ": "AMD", "֏": "AMD", "ብር": "ETB", "ກີບ": "LAK", "₭": "LAK", "ကျပ်": "MMK",
    "រៀល": "KHR", "៛": "KHR", "riel": "KHR", "ரூ": "INR", "రూ": "INR", "રૂ": "INR", "ರೂ": "INR", "രൂപ": "INR",
    "ਰੁ": "INR", "රු": "LKR", "रू": "NPR", "ден": "MKD", "денари": "MKD",
    "лева": "BGN", "so'm": "UZS", "sum": "UZS", "tugrug": "MNT", "tugrik": "MNT", "төг": "MNT", "теңге": "KZT",
    "tenge": "KZT", "somoni": "TJS", "tjs": "TJS", "leke": "ALL", "dinara": "RSD", "kyats": "MMK", "cup": "CUP",
    "lempiras": "HNL", "l": "HNL", "quetzales": "GTQ", "cordobas": "NIO", "nio": "NIO", "b/.": "PAB", "b/": "PAB",
    "pab": "PAB", "$u": "UYU", "guaranies": "PYG", "pyg": "PYG", "bolivianos": "BOB", "bob": "BOB", "bolivares": "VES",
    "ves": "VES", "kd": "KWD", "bd": "BHD", "دج": "DZD", "cfaf": "XAF", "fc fa": "XOF", "kwacha": "ZMW", "pula": "BWP",
    "meticais": "MZN", "kwanzas": "AOA", "szl": "SZL", "lsl": "LSL", "scr": "SCR", "mur": "MUR", "sll": "SLL",
    "sle": "SLE", "lrd": "LRD", "gmd": "GMD", "cve": "CVE", "fjd": "FJD", "pgk": "PGK", "bnd": "BND", "xcd": "XCD",
    "ec$": "XCD", "bbd": "BBD", "tt$": "TTD", "g$": "GYD", "gyd": "GYD", "afs": "AFN", "tmt": "TMT",
}  # fmt: skip
"""Word or sign → currency. One-letter words count only where LOCAL says so (ONE_COUNTRY)."""

LOCAL: Mapping[str, Mapping[str, str]] = {
    "TW": {"元": "TWD", "$": "TWD"}, "HK": {"元": "HKD", "$": "HKD"}, "MO": {"元": "MOP", "$": "MOP"},
    "SG": {"$": "SGD"}, "JP": {"¥": "JPY"},
    "PK": {"rs": "PKR", "rupees": "PKR"}, "LK": {"rs": "LKR", "rupees": "LKR"}, "NP": {"rs": "NPR", "rupees": "NPR"},
    "MU": {"rs": "MUR"},
    "NO": {"kr": "NOK"}, "DK": {"kr": "DKK"}, "IS": {"kr": "ISK"}, "BY": {"руб": "BYN", "р": "BYN", "r": "BYN",
    "rub": "BYN"},
    "ZA": {"r": "ZAR"}, "BR": {"r": "BRL"}, "MX": {"$": "MXN"}, "CO": {"$": "COP", "pesos": "COP"}, "CL": {"$": "CLP",
    "pesos": "CLP"},
    "AR": {"$": "ARS", "pesos": "ARS"}, "UY": {"$": "UYU", "pesos": "UYU"}, "DO": {"$": "DOP", "pesos": "DOP"},
    "PH": {"pesos": "PHP"},
    "AU": {"$": "AUD"}, "NZ": {"$": "NZD"}, "CA": {"$": "CAD"}, "JM": {"$": "JMD"}, "NA": {"$": "NAD"},
    "LR": {"$": "LRD"}, "KY": {"$": "KYD"},
    "CM": {"fcfa": "XAF", "cfa": "XAF", "francs": "XAF", "f": "XAF"}, "GA": {"fcfa": "XAF", "cfa": "XAF", "f": "XAF"},
    "TD": {"fcfa": "XAF", "f": "XAF"}, "CG": {"fcfa": "XAF", "f": "XAF"},
    "CH": {"francs": "CHF", "fr": "CHF"}, "CD": {"f": "CDF", "francs": "CDF"}, "RW": {"f": "RWF"},
    "DJ": {"francs": "DJF", "fdj": "DJF"},
    "UG": {"sh": "UGX"}, "KE": {"sh": "KES", "shs": "KES"},
    "AE": {"dh": "AED"}, "SA": {"ريال": "SAR"}, "MA": {"درهم": "MAD"},
    "KW": {"دينار": "KWD"}, "JO": {"دينار": "JOD"}, "DZ": {"دينار": "DZD"}, "TN": {"دينار": "TND"},
    "RS": {"din": "RSD"}, "UZ": {"som": "UZS"}, "YE": {"ريال": "YER"}, "OM": {"rial": "OMR", "ريال": "OMR"},
    "QA": {"rial": "QAR", "ريال": "QAR"}, "LY": {"دينار": "LYD"}, "BH": {"دينار": "BHD"}, "CU": {"pesos": "CUP",
    "$": "CUP"},
    "SV": {"$": "USD"}, "PA": {"$": "PAB"}, "PY": {"gs.": "PYG"}, "VE": {"bs": "VES", "bs.": "VES"},
}  # fmt: skip

OF_COUNTRY: Mapping[str, str] = {
    "CN": "CNY", "TW": "TWD", "HK": "HKD", "IN": "INR", "ID": "IDR", "DE": "EUR", "AT": "EUR", "FR": "EUR",
    "ES": "EUR", "IT": "EUR", "NL": "EUR", "BE": "EUR",
    "PT": "EUR", "IE": "EUR", "FI": "EUR", "GR": "EUR", "US": "USD", "GB": "GBP", "RU": "RUB", "UA": "UAH",
    "BY": "BYN", "PL": "PLN", "CZ": "CZK", "HU": "HUF",
    "RO": "RON", "BG": "BGN", "TR": "TRY", "BR": "BRL", "MX": "MXN", "IR": "IRR", "ZA": "ZAR", "KE": "KES",
    "NG": "NGN", "GH": "GHS", "PH": "PHP", "MY": "MYR",
    "TH": "THB", "VN": "VND", "BD": "BDT", "PK": "PKR", "LK": "LKR", "KZ": "KZT", "SE": "SEK", "NO": "NOK",
    "DK": "DKK", "CH": "CHF", "EG": "EGP", "SA": "SAR",
    "KH": "USD", "TZ": "TZS", "UG": "UGX", "ET": "ETB", "SG": "SGD", "AU": "AUD", "NZ": "NZD", "CA": "CAD",
    "KR": "KRW", "JP": "JPY", "IL": "ILS", "SD": "SDG",
}  # fmt: skip

COMMA_DECIMAL = frozenset(
    entries(
        "DE AT NL BE FR ES IT PT BR TR ID VN DK NO SE FI PL CZ SK HU RO BG HR RS SI GR RU UA BY KZ AR CL CO UY "
        "PY VE EC BO DZ MA AO MZ CV"
    )
)
"""Where "10.000" is ten thousand and "0,5" a half."""

ONE_COUNTRY: Mapping[str, frozenset[str]] = {
    "n": frozenset({"NG"}), "f": frozenset(entries("CI SN TG BJ ML BF NE CM GA TD CG CD RW GN")),
    "k": frozenset({"ZM"}), "d": frozenset({"VN", "GM"}), "p": frozenset({"PH", "BW"}),
    "q": frozenset({"GT"}), "b": frozenset({"TH", "PA"}), "r": frozenset({"ZA", "RU", "BR", "BY", "XX", ""}),
    "da": frozenset({"DZ"}), "le": frozenset({"EG", "SL"}), "km": frozenset({"BA"}),
    "ar": frozenset({"MG"}), "den": frozenset({"MK"}), "br": frozenset({"ET"}), "try": frozenset({"TR"}),
    "som": frozenset({"KG", "UZ"}), "sh": frozenset({"KE", "TZ", "UG"}), "mt": frozenset({"MZ"}),
    "mts": frozenset({"MZ"}), "mk": frozenset({"MW"}), "kn": frozenset({"HR"}), "din": frozenset({"RS"}),
    "fc": frozenset({"CD"}), "ft": frozenset({"HU", ""}), "gs": frozenset({"PY"}), "bs": frozenset({"BO", "VE"}),
    "pen": frozenset({"PE"}), "ron": frozenset({"RO"}), "lv": frozenset({"BG"}), "all": frozenset({"AL"}),
    "dram": frozenset({"AM"}), "top": frozenset({"TO"}), "kr": frozenset({"SE", "NO", "DK", "IS", ""}),
    "р": frozenset({"RU", "BY", ""}), "ks": frozenset({"MM"}), "zk": frozenset({"ZM"}), "块": frozenset({"CN", ""}),
    "s/": frozenset({"PE", ""}), "dt": frozenset({"TN"}), "dh": frozenset({"MA", "AE"}), "kz": frozenset({"AO"}),
    "lek": frozenset({"AL"}), "lei": frozenset({"RO", "MD", ""}), "cad": frozenset({"CA"}), "mad": frozenset({"MA",
    ""}), "jd": frozenset({"JO"}), "l": frozenset({"HN"}), "sum": frozenset({"UZ"}), "cup": frozenset({"CU"}),
    "kd": frozenset({"KW"}), "bd": frozenset({"BH"}), "scr": frozenset({"SC"}), "ლ": frozenset({"GE"}),
}  # fmt: skip
"""Words that are something else elsewhere: read as money only in these countries ("" = country not known)."""

THREE_DECIMALS = frozenset({"KWD", "BHD", "OMR", "JOD", "TND", "LYD"})
"""A thousand of the small coin make one: "3.250 JD" is three and a quarter."""
