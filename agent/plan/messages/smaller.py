"""The tables for languages with few carriers each; merged into the others, in the same plain form and notation.

Swahili, Kinyarwanda, Filipino, the languages of the former Yugoslavia, Bulgarian, Albanian, Slovak, the Baltic and
Nordic languages, Azerbaijani, Uzbek, Kazakh, Kyrgyz, Mongolian (in Latin letters too), Urdu and Hindi in Latin letters.
A word that means something common in a greater language ("dans", "alles", "kredi") stands only with its neighbour.
"""

from collections.abc import Mapping

from agent.plan.messages.table import entries

ROLES: Mapping[str, tuple[str, ...]] = {
    "left": (
        "umebakiwa na", "umebaki na", "imebaki", "kimebaki", "yamebaki", "zimesalia", "kimesalia", "imesalia",
        "zimebaki", "iliyosalia", "iliyobaki", "zilizobaki",
        "kilichobaki", "unazo", "ufite", "usigaranye", "ubakije", "asigaye",
        "mayroon kang~", "mayroon ka pang~", "meron ka pang~", "may natitira ka pang~", "meron kang~", "natitirang",
        "natirang", "natitira mong", "iyong balanse", "balanse mo",
        "balanse", "kredits", "tavs kredits",
        "vase stanje", "na racunu", "na racunu imate", "raspolozivo", "imate jos", "na voljo", "dobroimetje",
        "preostaje~",
        "preostat~", "vam je ostalo", "ostalo vam je", "kredit iznosi", "ostaje~", "преостан~", "состојба", "оставащ~",
        "остава ви", "салдо", "разполагате с", "имате още", "на разположение",
        "kredia juaj", "kredia", "balanca", "gjendja", "kane mbetur", "ka mbetur", "mbetet",
        "atlikums", "atlikus~", "palicis", "palikus~", "likutis", "likucio", "liko", "liek~", "jaak", "konel on",
        "on alles", "jarel on",
        "saldosi", "saldo on", "ditt saldo", "din saldo", "saldoen din", "kvarvarande", "kvarstaende", "resterende",
        "qalib", "qaliq", "qaldi", "balansiniz~", "balansingiz~", "balansi", "qoldi", "qoldig~", "hisobingizda",
        "теңгерім~", "баланстаңыз~", "қалды", "қалдық~", "қалған", "калды", "калдык~",
        "tanii dans", "uldegdel", "үлдэгдэл", "таны данс",
        "bacha hua", "bacha", "baqi", "baqaya", "mauju~", "stan twojego konta", "zustatku", "disponibil",
        "tenes", "te restan", "restano", "cuentas con", "dispones de", "voce possui", "possui",
    ),
    "used": (
        "umetumia", "imetumika", "zimetumika", "wakoresheje", "nagamit", "nakagamit",
        "porabili", "porabljen~", "potrosili", "potrosen~", "potroseno", "iskoristili", "iskoristeno", "iskoriscen~",
        "изразход~", "потрош~", "искорист~", "keni perdorur", "perdorur", "keni konsumuar",
        "izmantoj~", "izlietoj~", "izmantot~", "isnaudoj~", "panaudoj~", "kasutanud", "kasutatud",
        "kayttanyt", "kaytitte", "forbrugt", "forbrukt", "istifade", "ishlat~", "sarfla~", "foydalan~",
        "жұмса~", "пайдалан~", "колдон~", "ashiglasan", "istemal", "upyog", "kepake", "kepakai", "terpake",
        "kepakenya", "consumiu", "spotreboval~", "cerpan~",
        "minuli", "spotrebovali", "ai folosit", "folosit~", "elfogyott", "elhasznalta",
    ),
    "total": ("celkem", "ukupno", "skupaj", "общо"),
    "offer": (
        "mag-load", "mag-load ng", "jiunge", "nunua", "pata", "gura", "subiri",
        "kupite", "aktivirajte", "ostvarite", "поръчай~", "вземи", "активирай~", "aktivizo", "perfito",
        "iegadajies", "piesledz", "uzsisakyk~", "isigyk~", "telli", "liitu", "osta", "tilaa",
        "re:(?<![a-z])(?:kop|kob|kjop)(?= \\d)", "bestall",
        "bestil", "замовляй~", "замов", "akcija", "akcia", "szerezd", "vasarolj", "rendeld", "cumpara",
        "primesti", "ziskejte", "ziskajte", "odbierz", "kupuj",
    ),
    "paid": (
        "re:(?:пополни|поповни|popolni)\\w*(?: \\w+){0,2} (?:на|от|na|ot)(?= \\d)",
        "umeongeza salio", "kuongeza salio", "umefanikiwa kuongeza salio", "uzupeln~", "nadoplat~", "nadoplac~",
        "dopun~",
        "polnjenj~", "зареди~", "зареждане", "допълване", "rimbush~", "papildin~", "papildy~", "laadimi~", "laetud",
        "ladat~", "lataus", "pafyllning~", "pafyllt", "laddat", "optank~", "artirildi", "toldirildi", "to'ldirildi",
        "толықтыр~", "толукта~", "zasil~", "navysen~", "dobijeni",
    ),
    "spent": ("racun za", "сметка", "rekins", "saskaita uz", "arve", "lasku", "faktura", "fakturan", "regning~"),
    "owed": (
        "deni", "unadaiwa", "dugovanje", "dugujete", "задължение", "дължите", "borxh~", "parads", "volgnevus", "skuld",
        "qarz",
    ),
}  # fmt: skip

EXPIRY = (
    "utakwisha", "kitakwisha", "zitakwisha", "matatapos", "mag-eexpire", "khatam", "samapt",
    "mwisho wa matumizi", "mwisho wa kutumia", "litaisha", "litakwisha", "inakwisha", "yataisha", "muda wa kutumia",
    "muda wake", "itaisha", "zitaisha", "utaisha", "inaisha", "kitaisha", "zizarangira", "irangira",
    "re:mag-?e-?expire", "velja~", "veljavn~", "vrijedi", "vrede~", "vazi do", "vazi", "vazenj~", "istice",
    "istjece", "istek~", "potece",
    "валидн~", "изтича", "важи", "истекува", "vlefsh~", "skadon", "deriga~", "derigs", "speka lidz", "galioja~",
    "galiojim~", "kehtib", "kehtiv~", "aegub", "asti", "paattyy", "umpeutuu", "galler", "gallande", "udlober",
    "utloper", "utgar",
    "etibarlidir", "bitir", "tarixinedek", "muddati", "amal qiladi", "amal qilish", "жарамды", "дейін", "чейин",
    "huchintei", "hurtel", "хүртэл", "хүчинтэй", "akhri tareekh", "miaad", "muddat", "konci", "lejarta",
    "fecha de vencimiento", "vigente hasta", "expira~", "gacha", "ta tarikh~", "motabar~", "engheza~", "mohlat~",
    r"re:etebar[^.\d]{0,24}? ta(?= \d)", r"re:(?<=\d )tak(?![a-z])",
    "qabil-e-iste~", r"re:-mde(?![a-z])",
)  # fmt: skip
"""Words that say that something ends on a day."""

UNTIL = ("re:تا(?= )", *entries("hanggang lidz kuni deri iki pana qeder qadar"))
"""Words that only lead to a day."""

SIGNALS: Mapping[str, str] = {
    "suspended": (
        r"ime(?:fungwa|simamishwa|zuiwa)|umefungiwa|wakupiwe|iskljucen\w*|iskopcan\w*|suspendiran\w*|blokiran\w*"
        r"|onemogucen\w*|privremeno prekinut\w*|zacasno (?:izklopljen|onemogocen)\w*|izklopljen\w*"
        r"|спрян\w*|блокиран\w*|прекъснат\w*|временно ограничен\w*|исклучен\w*|суспендиран\w*"
        r"|(?:eshte |jane )?(?:bllokuar|pezulluar|c'?aktivizuar)|ir (?:blokets|apturets|atslegts)|bloketa|apturet[as]"
        r"|sustabdyt\w*|uzblokuot\w*|apribot[aio]\w*|on (?:peatatud|suletud|blokeeritud|piiratud)|on (?:suljettu"
        r"|estetty"
        r"|keskeytetty)|avstangt?|avstangd\w*|har (?:sparrats|pausats|stangts)|er (?:spaerret|sperret|stengt|lukket"
        r"|afbrudt|suspendert)|dayandirilib|baglanib|bloklan\w*|o'chiril\w*|to'xtatil\w*|бұғаттал\w*|тоқтатыл\w*"
        r"|na-?(?:deactivate|suspend|block|putol)\w*|naputol|pinutol|zimesitishwa|imesitishwa|zimezuiwa"
        r"|band (?:kar di|ho ga[yi]|hai)\w*|muattal"
        r"|pozastaven\w*|prerusen\w*|zablokovan\w*|felfuggeszt\w*|korlatozt\w*|letiltott\w*|suspendata|restrictionat\w*"
    ),
    "arrears": (
        r"huna salio|salio (?:lako )?(?:halitoshi|limekwisha|limeisha|halijatosha)|amafaranga ntahagije"
        r"|wala ka nang sapat na (?:load|balance|balanse)|na-?kafi balance|balance na-?kafi|unadaiwa"
        r"|kulang ang (?:iyong )?load|wala ka nang load|ubos na ang (?:iyong )?load|nemate dovoljno"
        r"|nedovoljno (?:sredstava"
        r"|kredita)|ni(?:mate)? dovolj (?:sredstev|dobroimetja)|недостатъчн\w+ (?:наличност|средства|кредит)"
        r"|немате доволно"
        r"|kredi te pamjaftueshme|nepietiek\w*|nepakank\w*|truksta lesu|ei ole piisavalt|saldo ei riita|saldo ei piisa"
        r"|saldot racker inte|ikke nok (?:saldo|penge)|balansiniz kifayet etmir|mablag' yetarli emas"
        r"|қаражат жеткіліксіз"
        r"|kafi balance nahi|balance (?:bahut |bohot )?kam (?:hai|ho)|balance khatam|nincs elegendo"
        r"|egyenlege? (?:elfogyott|alacsony|tul alacsony)"
        r"|nemate dostatok|nemate dostatek|kredit je nizky|nu ai (?:suficient|destul) credit|credit insuficient"
    ),
    "topup_ok": (
        r"umefanikiwa (?:kuongeza salio|kuweka vocha)|nag-load ka|salio limeongezwa|umeongeza salio"
        r"|uspjesn[oa] (?:ste )?(?:nadoplat|dopun)\w*"
        r"|uspesno (?:ste )?(?:dopun|napoln)\w*|(?:nadoplata|dopuna|polnjenje)[^.!]{0,30}(?:uspjesn|uspesn|izvrsen)\w*"
        r"|(?:racun|kredit)[^.!]{0,20}(?:je )?(?:nadoplacen|dopunjen|napolnjen)\w*|заредихте|(?:сметка"
        r"|карта)та? [^.!]{0,24}"
        r"заредена|(?:зареждане|дополна)[^.!]{0,20}успешн\w*|rimbushj\w*[^.!]{0,20}(?:sukses|krye)\w*|u rimbush"
        r"|(?:konts|kredits|karte)[^.!]{0,20}papildinat[sa]|saskaita[^.!]{0,20}papildyta|papildyta saskaita"
        r"|konto on laetud"
        r"|laadimine onnestus|(?:lataus|saldo)[^.!]{0,20}(?:onnistui|ladattu)|har laddats med"
        r"|pafyllning\w*[^.!]{0,20}(?:klar"
        r"|genomford)|er fylt pa|pafyllingen (?:er )?registrert|er tanket op|optankning\w*[^.!]{0,20}gennemfort"
        r"|balansiniz[^.!]{0,20}artirildi|hisobingiz[^.!]{0,20}to'?ldirildi|толықтырылды|толукталды"
        r"|na-?load-?(?:an)? (?:na )?"
        r"|nakatanggap ka ng [^.!]{0,12}load|recharge(?![^.!]{0,30}(?:fail|nakaam|asafal"
        r"|nahi))[^.!]{0,24} (?:ho ga[yi]a|safal|kamyab)\w*|recharge (?:ho ga[yi]a|safal|kamyab)\w*"
        r"|kredit[^.!]{0,16}bol navyseny"
    ),
    "topup_failed": (
        r"hindi (?:natuloy|pumasok|matagumpay|nagtagumpay|na-?process)[^.!]{0,20}(?:load|bayad|payment)"
        r"|vocha[^.!]{0,30}\bsi sahihi"
        r"|(?:kuongeza salio|muamala|vocha)[^.!]{0,24}(?:umeshindikana|kumeshindikana|imeshindikana"
        r"|haikufanikiwa|haukufanikiwa)"
        r"|(?:nadoplata|dopuna|polnjenje)[^.!]{0,24}(?:nije|ni) (?:uspjel|uspel|uspesn|uspjesn)\w*"
        r"|неуспешно (?:зареждане"
        r"|допълване)|rimbushja deshtoi|papildinasana neizdevas|papildyti nepavyko|laadimine ebaonnestus"
        r"|lataus epaonnistui"
        r"|pafyllning\w*[^.!]{0,20}misslyckades|recharge (?:nakaam|asafal|fail ho)\w*"
    ),
    "plan_change": (
        r"umefanikiwa (?:kujiunga|kununua)|umejiunga na kifurushi|kifurushi[^.!]{0,30}kimeanza"
        r"|(?:paket|opcija|tarifa|usluga)[^.!]{0,40}(?:je )?(?:aktiviran|ukljucen|obnovljen|produzen|promijenjen"
        r"|promenjen)\w*"
        r"|(?:пакет|услуга|план)[^.!]{0,40}(?:активиран|подновен|променен)\w*|(?:paketa"
        r"|oferta)[^.!]{0,30}u (?:aktivizua"
        r"|rinovua)|pakalpojums[^.!]{0,24}piesleg\w*|paslauga[^.!]{0,24}(?:ijungta|aktyvuota)"
        r"|teenus[^.!]{0,20}aktiveeritud"
        r"|paketti[^.!]{0,20}(?:aktivoitu|uusittu)|(?:paketet|surfpaketet|abonnemang\w*)[^.!]{0,30}(?:ar aktiverat"
        r"|har aktiverats"
        r"|har fornyats|har andrats)|(?:pakken|abonnementet)[^.!]{0,30}er (?:aktivert|fornyet|aendret|endret)"
        r"|paket[^.!]{0,30}(?:aktivlesdirildi|faollashtirildi)|пакет[^.!]{0,30}(?:қосылды|іске қосылды)"
        r"|(?:balicek|balik|program)[^.!]{0,30}(?:aktivovan|obnoven|zmenen)\w*|csomag\w*[^.!]{0,30}(?:aktivalva"
        r"|megujult|aktiv lett)"
        r"|(?:optiunea|abonamentul|extraoptiunea)[^.!]{0,30}(?:activat|reinnoit|a fost)\w*|naka-?(?:register"
        r"|subscribe)d? ka|kang naka-?(?:subscribe|register)"
    ),
    "expiring": (
        r"(?:muda|kifurushi)[^.!]{0,30}(?:umekwisha|utaisha|unaisha|umeisha|utakwisha|kitakwisha|kitaisha)"
        r"|mag-?e{1,2}-?expire|nag-?expire|matatapos na|expired na"
        r"|(?:paket|racun|bon|kredit)\w*[^.!]{0,24}(?:istice|istjece|istekao|istekla|potekel|potece)"
        r"|изтича|изтекъл\w*|истекува|истече|skadon|ka skaduar|beidzas|beigsies|baigiasi|baigsis|pasibaige|aegub"
        r"|aegunud"
        r"|paattyy|umpeutuu|har gatt ut|gar ut|utloper|bitir\b|basa catir|muddati tugaydi|muddati tugadi"
        r"|мерзімі (?:аяқтал|бітті)\w*"
        r"|khatam (?:ho jay|ho raha|ho ga)\w*|lejart|vyprsal\w*|konci platnost"
    ),
    "exhausted": (
        r"umemaliza[^.!]{0,24}(?:kifurushi|bando|data|mb|gb)|(?:kifurushi|bando)[^.!]{0,40}(?:kimekwisha|kimeisha|limekwisha|limeisha)|(?:mb|gb|data|intaneti)[^.!]{0,16}(?:zimekwisha"
        r"|zimeisha|imeisha)"
        r"|naubos (?:na|mo)(?: na| mo)? ang (?:iyong |inyong )?(?:mobile )?(?:\d[\d.·]* ?[mg]b|data|internet)\b"
        r"|umetumia[^.!]{0,24}\b(?:data|mb|gb|kifurushi)\b[^.!]{0,16}\b(?:yote|zote|chote)"
        r"|wala ka nang (?:natitirang |natitira na )?(?:data|mb|gb|internet)"
        r"|ubos na (?:ang )?(?:iyong )?[^.!]{0,20}(?:data|mb|gb|promo)|(?:potrosili|iskoristili"
        r"|porabili) (?:ste )?(?:sav|ceo|cijel"
        r"|celoten|ves)\w*|изчерпа\w*|изразходвахте (?:целия|всички)|потрошивте|keni (?:konsumuar"
        r"|perdorur) (?:te gjith)\w*"
        r"|(?:dati|datu)[^.!]{0,20}(?:izlietot|beigus)\w*|duomen\w+[^.!]{0,20}(?:isnaudot|baig)\w*|(?:andmemaht"
        r"|internet)[^.!]{0,12}"
        r"on (?:otsas|lopp)\w*|(?:data|datapaketti)\w*[^.!]{0,16}(?:on )?(?:kaytetty loppuun|loppu\b|loppunut)|(?:din "
        r"|ditt )?"
        r"(?:surf|data)\w*[^.!]{0,12}(?:ar slut|er brukt opp|er opbrugt|ar forbrukad)|internet paketiniz bitib"
        r"|paket\w* tugadi"
        r"|(?:data|internet|pack|mbs?)\b[^.!]{0,20}khatam ho (?:ga|chu)\w*|(?:baste"
        r"|hajm)[^.!]{0,34}(?:be payan resid|tamam shod|be etmam resid)\w*|adatkeret\w*[^.!]{0,20}elfogyott"
    ),
}  # fmt: skip

TRADE = (
    r"\b(?:qabil-e-istem\w*|ma?u?o?jooda balance|promo mo|iyong (?:promo|load|data|linya)|salio|kifurushi|intaneti"
    r"|laini|muda wa maongezi|load"
    r"|linij\w*|broj\w*|racun\w*|kredit\w*|podatk\w*|saobracaj"
    r"|promet\w*|nadoplat\w*|dopun\w*|surf\w*|datapak\w*|abonnemang\w*|liittym\w*|puhelu\w*|kontantkort|taletid\w*"
    r"|numur\w*"
    r"|prieksapmaks\w*|saskait\w*|numer\w*|kone\w*|andme\w*|balans\w*|internet\w*|adatkeret\w*|hivas\w*|szam\w*"
    r"|cislo\w*"
    r"|sim-?kart\w*|kartic\w*|kartel\w*|balicek\w*|tel\.? ?broj|number ki|sewayein|megabait\w*)\b"
    r"|теңгерім|нөмір|трафік"
)
"""Words that stand in messages of a mobile line."""

LINES = (
    r"linij\w*|broj\w*|kartic\w*|uslug\w*|numur\w*|numeri|numeris|number|nummer|liittym\w*|abonnemang\w*|laini"
    r"|namba|linya"
    r"|szam\w*"
    r"|szolgaltatas\w*|cislo|sluzb\w*|linja|linia|linie|raqam\w*|nomre\w*|sewayein|odlazn\w*|pozivi"
)
"""What may be cut off."""
