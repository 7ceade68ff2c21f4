"""More of Europe's and Latin America's ordinary wording, for the tables of `words`, `expiry` and `signal_words`.

In plain form (normal.folded). Verbs in the person carriers use: "you topped up", "we have received your payment".
Patterns here begin at a word's beginning, as those of `smaller` do.
"""

import re
from collections.abc import Mapping

ROLES: Mapping[str, tuple[str, ...]] = {
    "left": (
        "disposez", "disposes", "cuentas con", "te restan", "stav kreditu", "szabad adatkeret", "fennmarado",
        "te quedan", "ti restano", "aktualne saldo",
        "aktualni zustatek", "novi saldo",
        (
            r"re:(?<![^\W\d_])(?:pakiet|пакет|paket|forfait|bundel|pacote|paquete|balicek|csomag)\s?:"
            r"(?=\s?\d[\d.,]{0,8}\s?(?:[gm][bo]|[гм]б)(?![^\W\d_]))"
        ),
        r"re:(?<![a-z])aktuell sind(?= \d)",
        r"re:(?<![a-z])(?:haupt|prepaid|start|kauf|rest|handy|telefon|basis|gesamt)guthaben(?![a-z])", "neuer stand",
        "neuer kontostand", "ostava~", "kontojaak", "belwaarde",
        (
            r"re:(?<![a-z])(?:masz|mate|imate|hai|ai|tienes|tens|tem|du har|je hebt|du hast|sie haben|vous avez)"
            r" (?:teraz|obecnie|aktualnie|nyni|sada|ora|adesso|acum|ahora|agora|nu|jetzt|maintenant)(?= \d)"
        ),
        "nur noch", "nog maar", "nog slechts", r"re:(?<![a-z])plus que(?= \d[\d.,]* ?(?:[gm]o|€|eur))",
        "solo te queda~", "solo quedan", "ti restano solo",
        "nur mehr",
        "zostalo ci tylko", "осталось всего", "осталось только", "залишилось лише", "залишилося лише",
        "залишилось тільки", "залишилося тільки", "доступно для использования", "доступно для використання",
        r"re:(?<![a-z])paquetes?\s?:(?:\s?lte)?(?=\s?\d[\d.,]{0,8}\s?[gm]b\b[^.]{0,24}valid)",
        "krediet", "herlaadkrediet", "belkrediet", "herlaadbaar krediet", "laadkrediet", "avoir", "ваши деньги",
        r"re:(?<![а-яіїєґ])(?:у вас|вам|маете|вы имеете) (?:есть |є )?(?:еще |ще |пока )?(?=\d)", "лишил~", "lyshyl~",
        "zalysh~", "zalysch~", "засталося", "засталася", "застаецца", "застал~", "niewykorzystan~", "pozostaje",
        "do twojej dyspozycji", "do dyspozycji", "a disposizione", "hai ancora a disposizione", "encore utiliser",
        "pouvez encore utiliser", "puedes usar", "невикористан~", "неиспользован~", "nevycerpan~", "nevyuzit~",
        (
            r"re:(?<![a-z])(?:solde|saldo|credito|credit|sold|balance|bal) (?:de |di )?"
            r"(?:internet|data|datos|dados|dati|4g|mega\w*)\s?:?(?=\s?\d)"
        ),
        "hai a disposizione", r"re:(?<![a-z])mai ave[tm]i(?= \d)", "ramas~", "all rendelkezes~", "rendelkezes~",
        r"re:(?<![a-z])konta ir(?= \d)", "qalan", r"re:დარჩენილ\w*", r"re:ანგარიშზეა?",
        r"re:մնաց\w*", "διαθεσιμ~", r"re:(?<![^\W\d_])εχετε (?:ακομα? )?(?=\d)",
        r"re:(?<![a-z])(?:po)?zostal[oy](?! (?:doladowan|zasilon)| \w{3,}(?:ne|te)(?![a-z]))", "zostal ci", "rimasti",
    ),
    "used": (
        r"re:(?<![a-z])verbruik\s?:", r"re:(?<![a-z])consommation (?:data|internet|mobile)\s?:", "datenverbrauch",
        "verbrauchte daten", "versurft", "bisher verbraucht", "gastados", "gastadas",
        "llevas consumid~",
        "llevas gastad~", "llevas usad~", r"re:(?<![a-z])conso(?: internet| data| mobile)?\s?:", "dataverbruik",
        r"re:(?<![a-z])consommation (?:de donnees |internet |data |mobile )?s'eleve a", "витрачен~", "витратил~",
        "витрати",
        r"re:(?<![а-я])расход(?: трафика| интернета| по пакету)?(?=[\s:])[^.;!?\d]{0,24}(?=\d)", "спожит~", "спожил~",
        "выкарыстан~", "przeslal~", "zuzyto", "hasznalt fel", "hasznaltal~", "elhasznalt~", "iskoristeno", "potroseno",
        "vycerpal", "vycerpala", "vycerpali", "izlietots", "gastou", "ja gastou", "consumiste", "gastaste",
        "a consumat",
        (
            r"re:(?<![a-z])verbrauch (?:liegt bei|betragt)(?: \d{1,5} (?:min\w*|sms),?){0,2}(?: und)?(?: einem)?"
            r"(?: datenvolumen)?(?: von)?(?= \d)"
        ),
        "zuzyles", "zuzylas", "zuzyliscie", "wykorzystales", "wykorzystalas", "использовали", "изразходвахте",
        "използвахте", "καταναλωσ~", "ispotrebovali", "spotrebovali", "vyuzili", "iskoristili", "porabili", "potrosili",
        r"re:(?<![a-z])votre consommation [^.;!?\d]{0,24}(?:est|:)", "izlietojis", "isnaudojote",
    ),
    "total": (
        r"re:(?<![a-z])parte de (?:tus|tu|sus|su|los|seus)(?= \d)",
        (
            r"re:(?<![a-z])(?:tu|su|votre|il tuo|o seu|seu) (?:bono|paquete|plan|bolsa|forfait|pass|pacote|plano"
            r"|pacchetto) (?:de|da|di)(?= \d)"
        ),
        r"re:(?<![a-z])(?:z|ze) (?:pakietu|twojego pakietu|limitu)(?= \d)",
        r"re:(?<![a-z])option(?= \d[\d.,]* ?[gm]b (?:wurde|ist) (?:gebucht|aktiv))",
        r"re:(?<![a-z])(?:combo|paquete|bono|pack) de(?= \d[\d.,]* ?[gm]b se renov)",
    ),
    "offer": (r"re:(?<![a-z])guthaben fur (?:sie|dich|euch|beide)(?![a-z])",),
    "owed": (
        r"re:(?<![а-яa-z])(?:минус|minus)(?=\s?:?\s?\d)", "заборгован~", "zaborgovan~", "запазычанас~",
        r"re:(?<![a-z])(?:staat|staan)(?: er)?(?: nog)?(?=\s?(?:€|eur)?\s?\d[\d.,]*\s?(?:euro |eur )?open)",
    ),
    "spent": (
        r"re:(?<![a-z])\w{2,16}rechnung(?:en)?(?![a-z])", "al costo di", "коштува~", "коштує", "будет стоить",
        "стоит", "kosztuje",
        (
            r"re:(?<![a-z])(?:plan|paquete|pacote|forfait|piano|offerta|tarif\w*|pakiet\w*) (?:de|da|di|a|za|fur|zu)"
            r"(?= ?(?:[$€]|r\$|s/|\d[\d.,]* ?(?:eur|€|zl|kc|lei)))"
        ),
    ),
    "paid": (
        "herladen~", "herlading~", "verhoogd met", "opgehoogd met", "laddats med", "laddad med", "laetud", "artirildi",
        (
            r"re:(?<![a-z])(?:ihrem|deinem|ihr|dein) (?:prepaid-?|handy-?|mobilfunk-?)?\s?(?:guthaben\w*|konto)"
            r" (?:gutgeschrieben|aufgeladen)"
        ),
        r"re:поповн?і?\w{0,4} (?:рахунок |номер |баланс )?(?:мінімум |щонайменше )?на(?= \d)", "надійшл~", "поступил~",
        "зарахов~", "voor beltegoed", "fur guthaben", "pour du credit", "папоўнен~", "carregad~", "carregament~",
        "carregou", "recarregou", "recargaste", "dobil~", "zasilil~",
        "doladowal~",
        "reincarcat cu", "ricaricato", "toegevoegd", "acreditado", "abonado",
        "acreditaron", "acredito", "abonaron", "поповнили", "пополнили",
        "заредихте", "uplatu od", "dopunili",
        r"re:(?<![a-z])er (?:is|wordt)(?= ?(?:€|eur)? ?\d[\d.,]* ?(?:euro |eur )?(?:toegevoegd|bijgeschreven))",
    ),
}  # fmt: skip

EXPIRY = (
    "verlangert sich", "erneuert sich", "si rinnova", "se renueva", "se renouvelle", "renova-se", "prend fin le",
    "закінч~", "спливає", "закончится", "udlober", "udloeber", "gar ut", "date de fin de validite", "fin de validite",
    "konci", "konci platnost", "wychodzace aktywne do", "aktywne do", "wygasnie", "isteka~", "ληξης",
    "verfallt", "verfaellt", "vyprsi", "verlaengert sich", "plati", "plati do", "vervalt", "vervallt",
    "verlaengert", "обновятся", "обновляются", "продлятся", "закончатся", "истекут", "оновляться", "поновляться",
    "завершаться",
    "закінчаться", "активний до", "активен до", "активна до", "активны до", "активні до", "aktywny do", "aktywna do",
    "aktivni do", "aktivan do", "aktyvus iki", "derigs lidz", "deriga lidz",
    "продлен", "продлена", "продлены",
    "t/m", "reste active", "restera active", "active jusqu'au", "actif jusqu'au", "bleibt aktiv", "blijft actief",
    "permanecera activ~", "pozostaje aktywn~", "остается активн~",
    # renewed on that day
    "erneuert", "verlangert", "verlengd", "vernieuwd", "renovara", "renovera", "se renovara", "renouvele", "renouvelle",
    "renouvellement", "renova", "renovada", "renovado", "renovacao", "renovacion", "rinnovera", "rinnovo", "rinnova",
    "reinnoieste", "reinnoire~", "odnowion~", "odnowi sie", "odnawia sie", "обновится", "обновление", "обновится пакет",
    "продлится", "продление", "поновлен~", "поновиться", "поновлення", "оновлен~", "оновиться", "продовж~", "obnovi",
    "obnova", "megujul~", "yenilenme tarih~", "yenilenecek~", "fornyes", "fornyas", "uusiutuu", "obnavlja~",
    # is good, active, works until then
    "aktiv bis", "noch bis", "aktiv", "actief tot", "activa hasta", "ativa ate", "ativo ate", "fica ativ~", "діє",
    "діятиме",
    "діє до", "дії", "дзейнічае", "действителен", "действительна", "работает до", "darbojas", "kehtib kuni",
    "virker til",
    "te gebruiken tot", "bruikbaar tot", "utilizzabile fino al", "aktyvne do", "aktivdir", "galiojimo",
    # ends
    "loopt", "encerra", "expiram", "expirara", "expirent", "caducidad", "fecha de caducidad", "data de expiracao",
    "data di scadenza", "vervaldatum", "einddatum", "ablaufdatum", "завершит~", "завершу~", "завершен~", "спливає",
    "mija", "traci waznosc", "skonczy~", "beidzas", "deriguma", "baigiasi", "loppuu", "umpeutuu", "gar ut", "gaar ut",
    "udlober den", "изтича", "istice", "potece", "аяқталады", "мерзімі", "lejar~", "ვადა",
)  # fmt: skip

SIGNALS: Mapping[str, str] = {
    "suspended": (
        r"(?:номер|sim\S{0,8}|доступ|інтернет|послуг\w|зв'язок)[^.]{0,25}відключен\w*|bloqueamos sua|(?:chamadas"
        r"|llamadas) barradas"
        r"|блокирован\w*|(?:временно|тимчасово) недоступн\w*|в (?:добровольной |добровільному )?блок(?:ировке"
        r"|уванні)|barrad[oa]|призупинен\w*|вимкнен\w*|заблоков\w*|заблакаван\w*|адключан\w*"
        r"|(?:cancelad|desativad|bloquead)[oa]s? por falta de (?:recarga|carregamento|pagamento)|(?:restreint"
        r"|limite|suspendu|bloque)e?s? (?:suite a|pour|en raison)|restringid[oa]s?\b|restringit\w*"
        r"|obmedzen\w*|omezen\w*|odpojen\w*|restreinte?s?\b|hemos (?:suspendido|bloqueado|cortado|restringido"
        r"|desactivado)"
        r"|abbiamo (?:sospeso|disattivato|bloccato)|nous avons (?:suspendu|restreint|bloque|coupe|desactive)"
        r"|(?:suspendemos|bloqueamos|desativamos|cortamos)\b|(?:zawiesili|zablokowali|ograniczyli|wylaczyli)smy"
        r"|(?:zablokovali|pozastavili|omezili|obmedzili|prerusili) (?:jsme|sme)"
        r"|мы (?:приостановили|заблокировали|ограничили)|зупинен\w*|припинен\w*|eingeschraenkt"
        r"|a fost (?:suspendat|dezactivat|blocat|restrictionat)\w*"
        r"|spærret|har sparrats|διακοπ(?!η ενημερ)\w+|απενεργοποι\w+|спрени|блокирана|korlatoztuk|letiltottuk"
        r"|felfuggesztettuk"
        r"|esta (?:bloquead|suspendid|desativad)[oa]"
        r"|stopgezet|deaktiviran\w*|sperret"
    ),
    "arrears": (
        r"(?:закінчуються|закінчились|закінчилися|заканчиваются|закончились) (?:кошти|деньги|средства)|te weinig "
        r"(?:bel)?tegoed"
        r"|stan (?:twojego )?konta jest (?:\w+ )?nisk\w+|saldo (?:es|esta|e) (?:muy |muito |molto )?(?:bajo|baixo"
        r"|basso)"
        r"|(?:esta|ficou|estas) (?:sem|sin) (?:creditos?|saldo)|nie masz (?:wystarczajac\w+|dosc"
        r"|dostatecz\w+) srodkow|brak(?:uje|owalo)? (?:wystarczajacych )?srodkow|"
        r"(?:solde|credit)[^.]{0,16}(?:ne permet pas|ne suffit pas)|guthaben[^.]{0,12}reicht[^.]{0,60}nicht"
        r"|offene[nrs]? (?:betr[aä]g\w*|rechnung\w*|posten|forderung\w*)"
        r"|(?:importe|saldo|deuda|pago)s? pendiente|vous (?:nous )?devez|solde impaye|srodki (?:sie )?koncza"
        r"|\bzaleglosc\w*|nieoplacon\w* (?:faktur|rachun|naleznosc)\w*|platnosci faktury minal"
        r"|nao tem saldo suficiente|encontra-se por pagar|nao identificamos o pagamento|(?:залишок|остаток|баланс"
        r"|рахунк\w*"
        r"|счет\w*)[^.]{0,24}(?:менше|менее|нижче|ниже) (?:ніж )?\d|(?:бракує|не вистачає) (?:коштів|\d)"
        r"|нестач\w+ коштів"
        r"|недастаткова сродкаў|kredit je nizky|creditos? (?:estao |esta )?acabando|credito sta per (?:terminare"
        r"|finire)"
        r"|(?:quedando|quedaste|quedado) sin (?:saldo|credito)|bientot (?:plus de credit|a court)|"
        r"(?:\w{0,12}rechnung)(?:[^.]|\.\d|\d\.){0,44}(?:nicht (?:bezahlt|beglichen)|unbezahlt|noch offen)"
        r"|(?:betaling|factuur|rekening)[^.]{0,40}(?:niet (?:ontvangen|betaald)|staat nog open|nog niet)"
        r"|factura pendiente|saldo no (?:te )?alcanza|facture[^.]{0,30}n'a pas ete (?:reglee|payee)"
        r"|fatura[^.]{0,40}nao (?:foi )?paga\b|factura[^.]{0,30}restanta|fatura(?:[^.]"
        r"|\.\d){0,24}em atraso"
        r"|nie (?:odnotowali|otrzymali|zaksiegowali)smy [^.]{0,20}(?:wplaty|platnosci|zaplaty)|za malo srodkow"
        r"|neeviduje(?:me)? [^.]{0,20}(?:uhrad|platb)\w*|(?:nemate|nemas) (?:dostatecny|dostatok|dostatek|dost)"
        r" kredit\w*"
        r"|lejart tartozas\w*|nu ai credit suficient|не хватает \d+(?:[.,]\d+)? ?(?:руб|р)\b|неплатена сметка"
        r"|imate neplacen\w* racun\w*|δεν εχετε (?:αρκετο|επαρκες) υπολοιπο"
    ),
    "topup_ok": (
        r"ricaricat[oi] \d|(?:krediet|tegoed|kaart)[^.!]{0,20}herladen|recharge[^.!]{0,20}valide?e\b"
        r"|dziek[iu]\w* za doladowan\w*"
        r"|uspj?esno (?:je )?uplacen\w*|danke, dass (?:du|sie) aufgeladen|dank fur (?:ihre|deine|die) (?:aufladung"
        r"|zahlung)|(?:sie haben|du hast)"
        r" [^.!]{0,30}aufgeladen|(?:tegoed|krediet)[^.!]{0,16}(?:verhoogd|opgehoogd) met"
        r"|hebt? [^.!]{0,24}\d[^.!]{0,8}herladen"
        r"|на ваш (?:номер|счет|баланс) поступил\w*|поступил\w* (?:платеж|оплата|\d)|оплата[^.]{0,40}(?:получена"
        r"|принята|прошла)"
        r"|автоплатеж[^.]{0,40}(?:выполнен|прошел)|надійшов платіж|надійшло \d|отримано платіж|(?:поповнення"
        r"|платіж)[^.]{0,30}"
        r"(?:успішн|зарахован|виконано|проведен)\w*|папоўнен\w*|recebemos o pagamento|dziekuje(?:my)? za (?:wplate"
        r"|platnosc)"
        r"|on laetud \d|recarga se (?:ha )?(?:realiz|complet|efectu|proces)\w*|"
        r"(?:wir haben|haben wir) (?:ihre|deine) (?:aufladung|zahlung)[^.!]{0,30}(?:erhalten|verbucht|gutgeschrieben)"
        r"|(?:du hast|sie haben) (?:ihr|dein)\w* [^.!]{0,40}\baufgeladen"
        r"|opwaarderen (?:is )?(?:gelukt|geslaagd)|toegevoegd aan (?:je|uw) (?:bel)?tegoed"
        r"|(?:hemos recibido|recibimos) (?:tu|su|la) (?:recarga|pago)|se (?:acredit|abon)(?:o|aron) [^.!]{0,24}"
        r"(?:linea|saldo|cuenta|numero)|recebemos (?:o seu|a sua|sua|seu|o|a) (?:carregamento|recarga|pagamento)"
        r"|(?:saldo|cartao|telemovel|numero|conta) (?:foi|fo[ir]am) (?:re)?carregad[oa]"
        r"|carregamento[^.!]{0,30}(?:efe[c]?tuad|realizad|recebid|confirmad|com sucesso)\w*"
        r"|hai (?:effettuato una ricarica|ricaricato)|abbiamo ricevuto (?:la tua|una|la) ricarica"
        r"|recu votre (?:rechargement|recharge|paiement)"
        r"|zasili(?:les|las|liscie)\b|doladowa(?:les|las|liscie)\b|dziekuje(?:my)? za (?:doladowanie|zasilenie)"
        r"|(?:otrzymali|zaksiegowali)smy [^.!]{0,16}(?:doladowanie|zasilenie|wplate)"
        r"|dobil[iay]? (?:jste|ste|jsi|si)\b|(?:prijali|obdrzeli)(?: jsme| sme)?[^.!]{0,12}(?:dobiti\w*|platbu)"
        r"|feltoltes\w*[^.!]{0,16}(?:megerkez|jovair)\w*|ai reincarcat\b|am primit (?:reincarcarea|plata)"
        r"|(?:contul|creditul|cartela)[^.!]{0,20}fost (?:reincarcat|alimentat)\w*"
        r"|получили ваш платеж|вы пополнили|ви поповнили|отримали ваш платіж"
        r"|gracias por (?:tu|su) recarga|gracias por recargar|obrigad[oa] (?:pela (?:sua )?recarga"
        r"|pelo (?:seu )?carregamento)"
        r"|grazie per (?:la (?:tua )?ricarica|aver ricaricato)|bedankt voor (?:het|je|uw) opwaarder\w*"
        r"|merci (?:pour|de) votre rechargement\b|dekujeme za dobiti|dakujeme za dobitie"
        r"|multumim pentru reincarcare\w*|koszonjuk a feltoltest|tack for din (?:pafyllning|laddning)"
        r"|recarregou (?:com |o |a |r\$|\d)|yukleme[^.!]{0,20}(?:gerceklesmis|gerceklesti\b|tamamlanmis|tamamlandi)\w*"
        r"|recu une recharge|accreditat[oi] (?:eur |€ ?)?\d"
        r"|primili smo vas\w* (?:uplatu|dopunu|nadoplatu)|ανανεωση[^.!]{0,30}(?:ολοκληρωθηκε|επιτυχ)\w*"
        r"|(?:liittyma|saldo|prepaid)\w*[^.!]{0,12}on ladattu"
    ),
    "topup_failed": (
        r"(?:konnten?|kann|konnen) [^.!]{0,60}nicht (?:\w+ )?(?:verlangern|verlaengern|erneuern|abbuchen|einziehen"
        r"|buchen)"
        r"|code de rech\w+ (?:saisi |entre |que vous avez saisi )?(?:est )?(?:invalide|incorrect|errone|deja utilise)"
        r"|не удалось (?:пополнить|списать|продлить|провести|выполнить)|не вдалося (?:поповнити|списати|продовжити)"
        r"|(?:поповнення|платіж|тариф|послуг\w)[^.]{0,30}(?:не (?:виконан|пройш|поновлен|продовжен|зарахован)"
        r"|відхилен)\w*"
        r"|код (?:поповнення|пополнения)[^.]{0,16}(?:невірн|неверн|недійсн|введен\w невірн|не існує)\w*"
        r"|(?:platnosc|wplata|doladowanie)[^.]{0,30}(?:odrzucon|nieudan)\w*|kod\w* (?:doladowuj\w+|doladowania) "
        r"(?:jest )?"
        r"(?:nieprawidl|niewazn|bledn)\w*|reincarcarea[^.!]{0,12}nu a putut|"
        r"nao (?:conseguimos|foi possivel) (?:concluir|processar|realizar|efe[c]?tuar) (?:a |o )?(?:sua |seu )?"
        r"(?:recarga|pagamento|carregamento)"
        r"|recarga no se (?:realizo|proceso|completo)|(?:platba|dobiti)[^.]{0,24}neb[yo]l[ao] uspesn\w*|nicht moeglich"
        r"|no (?:pudimos|hemos podido|se pudo|fue posible) (?:procesar|realizar|completar|cobrar) (?:tu|su|la|el)"
        r" (?:recarga|pago)|dobiti[^.!]{0,20}(?:nezdaril|neprobehl|selhal|neuspes)\w*"
        r"|code de rech\w+ (?:est )?(?:invalide|incorrect|errone|deja utilise)"
        r"|reincarcarea[^.!]{0,12}nu a (?:reusit|fost)"
        r"|yukleme[^.!]{0,20}(?:gerceklestirileme|yapilama|tamamlanama)\w*|автоплатеж не (?:выполнен|прошел)"
    ),
    "plan_change": (
        r"(?:wlaczy|wylaczy|aktywowa|zmieni)lismy (?:ci |panstwu |twoj\w{0,2} )?(?:usluge|pakiet|taryfe|oferte|plan)"
        r"|(?:forfait|option|offre)[^.]{0,20}ete (?:modifiee?|changee?|activee?)|zmienil\w* (?:taryf|ofert|plan)\w*"
        r"|nouvelle offre[^.]{0,30}(?:activee|active)|hai attivato \d|(?:послугу|пакет|тариф)[^.]{0,40}(?:підключен"
        r"|активован|відключен|замовлен|поновлен)[оаий]\b"
        r"|ви (?:замовили|підключили|активували) (?:пакет|послугу|тариф)|(?:вы|ви) (?:подключили|активировали"
        r"|отключили|відключили) "
        r"(?:пакет|услугу|опцию)"
        r"|ваш новый тариф|ваш новий тариф|aktywowalismy (?:dla ciebie )?(?:pakiet|usluge|oferte)|"
        r"(?:tarif|option|paket)\w*[^.!?]{0,40}(?:umgestellt|durchgefuhrt)\b|(?:combo|paquete|plan|bono|pack)[^.]{0,40}"
        r"se (?:te )?(?:ha )?(?:renovo|renovado|activo|activado)\b"
        r"|compraste (?:el |un |tu )?(?:paquete|pack|bono|combo)"
        r"(?= (?:de )?\w{0,12} ?(?:\d|datos|internet|megas|giga|ilimit|prepago|navega))"
        r"|cambio de (?:tarifa|plan)[^.]{0,40}(?:realizado|efectuado|con exito)|voce (?:aderiu|contratou) (?:a)?o"
        r" (?:plano|pacote)|hai attivato (?:l'|la |il )(?:offerta|opzione|promo)"
        r"|(?:taryfa|oferta|pakiet|plan)[^.]{0,30}zostal\w? (?:zmienion|aktywowan|wlaczon|przedluzon|odnowion)\w*"
        r"|aktivovali (?:jsme|sme) [^.]{0,8}(?:balic|tarif|datov)\w*|tarif[^.]{0,16}(?:bol|byl) zmenen\w*"
        r"|aktivaltuk [^.]{0,24}(?:csomag|adatjegy|dijcsomag|opcio)\w*|вы перешли на тариф|ви перейшли на тариф"
        r"|(?:tarifeniz|paketiniz)[^.!]{0,40}(?:degistiril|tanimlan)\w*|souscription reussie"
        r"|(?:forfait|option|pass|offre)[^.!]{0,30}(?:\d|internet|data|mobile)[^.!]{0,16} est (?:maintenant "
        r"|desormais |a present )?acti(?:f|ve)\b"
        r"|ya cuentas con tu (?:nuevo )?(?:plan|paquete)|se (?:ha )?activ(?:o|ado) (?:tu|su) (?:paquete|plan|bono"
        r"|combo)"
        r"|cambio offerta[^.]{0,20}(?:buon fine|effettuato|completato)"
    ),
    "expiring": (
        r"(?:gar|loper) ut (?:den|om)|udlober den|изтича на|ληγει στις|λ[ηh]γει|wygasnie\b"
        r"|verfallt (?:am|in)|vervalt op"
    ),
    "exhausted": (
        r"(?:datos|dados|internet|franquia|pacote|paquete|forfait|volume|pakiet|limit|giga|dati|пакет|тра[фх]"
        r"|інтернет|интернет"
        r"|data|objem|adatkeret|trafic|bundel|volumen)\w*[^.%]{0,30}(?:totalmente|completamente|completement"
        r"|vollstandig|volledig"
        r"|entierement|integralement|interamente|полностью|повністю|calkowicie|zcela|teljesen|complet|in totalitate"
        r"|tamamen"
        r"|helt|kokonaan)\b[^.%]{0,20}(?:utili[zs]|consum|consom|usad|epuis|gastad|wykorzyst|zuzy|vycerp|использ"
        r"|израсход|исчерп|вичерп"
        r"|викор|felhaszn|elhaszn|esaur|verbr|folosit|forbruk|kullan)"
        r"|(?:volume|enveloppe|forfait|limite|plafond)[^.%]{0,30}\batteinte?\b|(?:исчерпали|вичерпали) (?:пакет"
        r"|лимит|ліміт)|skonczyl\w* (?:ci )?sie (?:internet|pakiet|transfer|dane|gb)"
        r"|fim d[ao] (?:sua|seu) (?:internet|pacote|franquia)|(?:terminato|finito|esaurito|consumato) "
        r"(?:tutti )?i \d+ (?:giga|gb)"
        r"|(?:llegado|alcanzado|llegaste) (?:a|al|el) (?:limite|tope) de (?:tus|tu|los|datos)"
        r"|limit[^.]{0,44}wyczerpan\w*"
        r"|atteint la limite de (?:votre|vos)|(?:volumen|daten)(?:limit|grenze)[^.]{0,12}erreicht|forbrukat (?:all"
        r"|hela)"
        r"|(?:гігабайт|гигабайт|інтернет|трафік|пакет)\w*[^.]{0,30}(?:використан\w* повністю|повністю використан"
        r"|закінчил|вичерпан)\w*"
        r"|(?<![gm]b )\w*volumen(?![^.]{0,50}\bnicht\b)[^.]{0,50}(?:aufgebraucht|verbraucht|erreicht|erschopft|leer)\b"
        r"|(?:gesamte[sn]?|komplette[sn]?) [^.]{0,30}(?:volumen|daten|paket)\w* [^.]{0,12}(?:verbraucht|aufgebraucht)"
        r"|qued(?:aste|ado|o|as) sin (?:datos|megas|gigas|internet)|sin (?:datos|megas) disponibles"
        r"|(?:consumido|consumiste|gastado|gastaste|usado|usaste) (?:ya )?(?:todos|toda|la totalidad)\b"
        r"|(?:consumiu|usou|gastou|utilizou|esgotou) (?:toda|todos|todo|o seu (?:plafond|pacote))\b"
        r"|(?:consumato|usato|utilizzato) (?:tutti|tutto)\b|(?:consomme|utilise|epuise) (?:la totalite"
        r"|l'integralite|tout"
        r"|tous|toute)\b|al (?:je|uw|jouw) (?:mb|gb|data|internet)\S{0,3} [^.]{0,12}(?:verbruikt|gebruikt|op)\b"
        r"|bundel[^.]{0,24}(?:volledig|helemaal|geheel) (?:verbruikt|gebruikt|opgebruikt|op)\b"
        r"|(?:brugt|brukt|anvant|forbrukt) (?:hele|al|alle|hela|all|allt) (?:din|ditt|dine|den|det|data|surf)\b"
        r"|(?:использовали|израсходовали|потратили|исчерпали) (?:весь|все|всю)\b"
        r"|(?:використали|витратили|вичерпали) (?:весь|всі|усі|увесь|всю|усю)\b|інтернет[^.]{0,24}(?:закінчився"
        r"|скінчився)"
        r"|(?:wykorzystal|zuzyl)\w* (?:caly|cala|cale|wszystkie|wszystko)\b|скончы[ўл]ся|ліміт[^.]{0,16}вичерпан\w*"
        r"|(?:potrosili|iskoristili) (?:ste )?(?:sve|sav|cijeli|ceo|celokup)\w*|"
        r"epuise (?:la totalite de )?votre (?:forfait|pass|volume|enveloppe|credit internet)"
        r"|(?:terminato|finito|esaurito|consumato) (?:tutti )?i (?:tuoi )?(?:giga|gb|dati|mb)"
        r"|gb [^.]{0,24}sono (?:esauriti|terminati|finiti)|wykorzystal\w* (?:caly|cala|calosc|wszystkie)[^.]{0,10}"
        r"(?:pakiet|limit|transfer|danych|gb|internet)\w*|ai (?:consumat|epuizat) (?:tot|integral|toata|toti)"
        r"[^.]{0,12}(?:trafic|internet|date|gb|mb)\w*|изразходвахте (?:включен|мобилн|пакет)\w*"
        r"|n'avez plus (?:de|d')\s?(?:data|internet|giga\w*|volume|go|mo)\b"
        r"|ya no tienes (?:mas )?(?:datos|megas|gigas|internet)|se (?:te|le) (?:acab|agot|termin)aron (?:los|tus|sus)"
        r" (?:datos|megas|gigas|gb|mb)|(?:plafond|pacote|franquia) de (?:internet|dados) (?:terminou|acabou|esgotou)"
        r"|(?:dados|internet|pacote)[^.]{0,16}chegou ao fim|\w*volumen[^.]{0,30}erschoepft"
        r"|potrosili ste kompletan|gjort slut pa (?:din|ditt|all)|non hai piu (?:giga|dati|gb)|geen (?:data|mb'?s?"
        r"|gb'?s?"
        r"|internet) meer|kein datenvolumen mehr"
        r"|nie masz juz (?:danych|internetu|gb)"
        r"|porabili ste (?:vs[oae]|celotn)\w*|καταναλωσατε (?:ολ\w+|το συνολο)"
        r"|internet\w*[^.!]{0,8}tamamen (?:kullanil|tuken|bit)\w*|brukt opp (?:all |alle )?[^.]{0,10}data\w*"
        r"|vycerpali (?:jste|ste) (?:vsechn|vsetk|cel)\w*"
    ),
}  # fmt: skip

LINES = (
    r"aansluiting|transmisj\w*|swiadczeni\w*|traffico|telemovel|chip|cartao|polaczen|numer\w*|numar\w*|polaczeni\w*"
    r"|hovory?|hivas\w*|apeluri\w*|appels|llamadas|chamadas|chiamate|cartela|kontantkort"
    r"|servizi\w*|abonnement\w*|elofizetes\w*|συνδεση\w*"
)
"""What may be cut off: the line, and the calls it makes."""

CALLS = r"|виклик|обаждани|повиквани|вызов|звонк|дзвінк|дзвинк|συνδεσ|γραμμη"

PROOF = (
    r"simkaart|sim-kaart|opwaarder\w*|mobiel internet|internetbundel\w*|databundel\w*|telefoonrekening|handyguthaben\w*"
    r"|prepaid\w*|mobilfunk\w*|aufladecode|datenpass|datenverbindung\w*|appels sortants|telemovel|karta sim"
    r"|polaczenia wychodzace"
    r"|transmisj\w* danych|pakiet\w* danych|vychozi volani|dzvinky|herlading"
)
"""Words of a line's own, whoever writes."""
NAMES = (
    rf"{PROOF}|startguthaben|guthabenkonto|herlaad\w*|plafond|tarifario|abonnement|"
    r"исходящие (?:вызовы|звонки)|вихідні (?:дзвінки|виклики)|polaczenia wychodzace|abgehende \w+|llamadas salientes"
    r"|appels (?:sortants|emis)|uitgaande \w+|chiamate in uscita|"
    r"mobilfunk\w*|\w*datenvolumen|simkart\w*|mobiele (?:data|internet)|databundel\w*|balik\w*|"
    r"tarif\w*|taryf\w*|pakiet\w*|combo|kontantkort|taletid\w*|appels|polaczeni\w*|balic\w*|adatjegy\w*|cartel[ae]"
    r"|llamadas|chamadas|numarul|hivas\w*|optiun\w*|carregament\w*|zasil\w*|cartao sim|liittym\w*|reincarc\w*|(?:i"
    r"|tuoi|tus|seus|vos) gb|linea|linha|votre (?:credit|ligne)|dobiti\w*|datov\w*|тариф\w*"
)
"""Words that only a mobile line's message has."""

_BRANDS = (
    r"(?:orange|a1|а1|wind|tim|o2|play|plus|tre|dna|nos|meo|digi|telekom|moov|unitel|free|tele2|yota|heyah|plus gsm"
    r"|drillisch|klarmobil|sim24|premiumsim|winsim|smartmobil|maxxim|yourfone|blau|fyve|norma connect|rossmann"
    r" mobil|bildmobil"
    r"|ortel(?: mobile)?|freenet|mobilcom-debitel|fraenk|ay yildiz|nettokom|tchibo mobil|1&1|yesss!?|eety|drei"
    r"|wingo|m-budget mobile"
    r"|coop mobile|digital republic|talktalk|salt|simpel|simyo|budget mobiel|ah mobiel|robin mobile|scarlet|jim"
    r" mobile|telenet"
    r"|edpnet|sosh|auchan telecom|coriolis|reglo mobile|cdiscount mobile|youprice|finetwork|llamaya|hits mobile"
    r"|euskaltel"
    r"|telecable|jazztel|amena|virgin (?:telco|mobile)|suop|parlem|avatel|kena|fastweb|tiscali|1mobile|elimobile"
    r"|uno mobile"
    r"|uzo|moche|wtf|nowo|woo|nju|red bull mobile|lajt mobile|premium mobile|a2mobile|aero2|mobilking|т2|теле2|йота"
    r"|ростелеком"
    r"|тинькофф мобайл|т-мобайл|сбермобайл|волна мобайл|летай|таттелеком|миранда|втб мобайл|киевстар|водафон"
    r"|лайфсел|тримоб"
    r"|интертелеком|zelta zivtina|okarte|bite|pildyk|diil|chilimobil|talkmore|onecall|cbb(?: mobil)?|call me"
    r"|telmore|yousee"
    r"|flexii|greenspeak|moi mobiili|kaktus|sazkamobil|bleskmobil|gomobil|4ka|funfon|juro|netfone|blue mobile|simpa"
    r"|izi mobil"
    r"|globaltel|m:?tel|eronet|haloo|magti|silknet|cellfie|viva-mts|nar|babilon|zet-mobile|tmcell|cnt|bait|nextel"
    r"|movicel"
    r"|cvmovel|nexttel|videotron|fizz|natcom|personal|hollandsnieuwe|prixtel|syma"
    r"|wom|bitel|entel|tuenti|unefon|digitel|movilnet|altice|antel|kolbi|redmas)"
)
SPOKEN = re.compile(
    r"[а-яіїєґўα-ω]{3}|\b(?:ihre?[nmrs]?|deine?[nmrs]?|sie haben|du hast|votre|vos|vous|tus?|sus?|te|seus?|suas?"
    r"|voce|tuo|tua|tuoi|tue"
    r"|hai|twoj\w{0,3}|masz|je|jouw|uw|din|ditt|dine|har du|vas[aeiuo]?\w{0,3}|vam|teie|jusu|jums|tav[as]?|on[lt]ed"
    r"|dvs|tau|az on)\b"
    r"|\w{3,}(?:iniz|nizi?[dn]?\w{0,3})\b"
)
"""Who is spoken to in a European language beside English, of whose short messages the second opinion met few."""
BARELY = 0.04

TAILED = rf"[.!]\s(?:(?:ihr|dein|votre|tu|echipa) )?{_BRANDS}(?: team)?\W{{0,3}}\Z"
HEADED = rf"\s?{_BRANDS}(?: \w{{2,9}})?\s?:\s"


def is_headed(plain: str) -> bool:
    """Whether a carrier's everyday name heads a text, with its colon."""
    return bool(re.match(HEADED, plain))


SIGNED = rf"|\A\s?{_BRANDS}\s?:|[.!]\s(?:(?:ihr|dein|votre|tu|echipa) )?{_BRANDS}(?: team)?\W{{0,3}}\Z"
"""A carrier's everyday name, which counts for one where it heads or signs a text only."""

THINGS = (
    r"|\b(?:ligne|anschluss|rufnummer|tarjeta prepago|creditos?|prepaidkaart|simkaart|sim-kaart|beltegoed|bolsa"
    r"|balik\w*|balick\w*|\w*vertrag|\w*paket|\w*bundel|\w*guthaben|\w*option|pakiet\w*|combo|recarga"
    r"|carte|cartela|optiun\w*|kart[ya]|sim-?kort\w*|kontantkort|taletidskort|linea"
    r"|linha|balic\w*|csomag\w*|tarif\w*|cart[ao]o|konta|zakonczen\w*|paketet?|abonament\w*|tarjeta sim)\b"
    r"|карта|послуг|πακετ"
)
"""What may end on a day."""

MONTHS: Mapping[int, str] = {
    1: "ledna sijecanj sijecnja januarja януари ιανουαριου tammikuuta sausio janvari jaanuar jaanuaril januara",
    2: "februara veljace veljaca februarja февруари φεβρουαριου helmikuuta vasario februari veebruaril",
    3: "ozujka marta marec marcius март μαρτιου maaliskuuta kovo marts martsil",
    4: "aprila travnja aprilis април απριλιου huhtikuuta balandzio aprili aprilli aprillil",
    5: "svibnja maja majus май μαιου toukokuuta geguzes maijs maijam mail",
    6: "lipnja juna junius юни ιουνιου kesakuuta birzelio junijs juuni juunil",
    7: "srpnja jula julius юли ιουλιου heinakuuta liepos julijs juuli juulil",
    8: "kolovoza augusta avgusta avgust augusztus август αυγουστου elokuuta rugpjucio augusts augustil",
    9: "rujna septembra szeptember септември σεπτεμβριου syyskuuta rugsejo septembris septembril",
    10: "oktobra oktober октомври οκτωβριου lokakuuta spalio oktobris oktoobril",
    11: "listopadu studenoga studenog novembra ноември νοεμβριου marraskuuta lapkricio novembris novembril",
    12: "decembra prosinca декември δεκεμβριου joulukuuta gruodzio decembris decembri detsember detsembril",
}  # fmt: skip
"""Months' names in the forms dates have: Czech, Slovak, the Balkans, Hungarian, Greek, Finnish, Baltic."""

IN_MONTHS: Mapping[int, str] = {
    1: "januar january januari janvier enero janeiro gennaio styczniu январе январь січні січень lednu januari",
    2: "februar february februari fevrier febrero fevereiro febbraio lutym феврале февраль лютому лютий unoru",
    3: "marz march maart mars marzo marco marcu марте март березні березень breznu",
    4: "april avril abril aprile kwietniu апреле апрель квітні квітень dubnu",
    5: "mai may mei mayo maio maggio maju мае май травні травень kvetnu",
    6: "juni june juin junio junho giugno czerwcu июне июнь червні червень cervnu",
    7: "juli july juillet julio julho luglio lipcu июле июль липні липень cervenci",
    8: "august augustus aout agosto sierpniu августе август серпні серпень srpnu",
    9: "september septembre septiembre setembro settembre wrzesniu сентябре сентябрь вересні вересень zari",
    10: "oktober october octobre octubre outubro ottobre pazdzierniku октябре октябрь жовтні жовтень rijnu",
    11: "november novembre noviembre novembro listopadzie ноябре ноябрь листопаді листопад listopadu",
    12: "dezember december decembre diciembre dezembro dicembre grudniu декабре декабрь грудні грудень prosinci",
}  # fmt: skip
"""Months as "in …" has them."""
