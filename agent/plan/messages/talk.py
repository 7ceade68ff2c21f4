"""Talk that states nothing of this line now, in the languages beside Chinese; the tables behind `stance`.

In plain form (normal.folded). Each is a class of talk: a condition, the past, what went to another line, credit lent,
a rule for all lines of some sort. `stance` says how far each governs.
"""

_STATE = (
    r"balance|credit|data|allowance|bundle|plan|limit|guthaben|volumen|saldo|credito|datos|dados|megas|giga|solde"
    r"|forfait"
    r"|kuota|pulsa|paket|bakiye|tegoed|bundel|konto|srodk|pakiet|баланс|пакет|трафик|лимит|кошт|средств|рахун|залиш"
    r"|тариф"
    r"|egyenleg|kredit|adatkeret|surf|load|promo|salio|kifurushi|uang|internet|broj|racun|наличност|υπολοιπ|saldosi"
    r"|tai khoan|dung luong|so du|talktime|recharge|pack|number|sim|line"
)
IF = (
    r"\b(?:se (?=(?:o|a|os|seu|sua|il|la|lo|non|nao|voce) )|ha (?=(?:az? )?(?:egyenleg|adatkeret|kredit|keret))|hvis"
    r"|om (?:din|ditt|du)|nar (?:din|ditt|du)"
    r"|jos (?=saldo|data|lii|et )"
    r"|kun saldosi|jakmile|pokud|ked|ak|kada|daca|cand"
    r"|jesli|gdy|kiedy|якщо|коли|ако|когато|εαν|αν|οταν|agar|khi|kung|kapag|iwapo|endapo|ikiwa|kui|juhul"
    rf"|jei)\b(?=[^.;!?]{{0,60}}(?:{_STATE}))"
    r"|\b(?:ab|od|a partir d[eu]) \d{1,3} ?%|(?<![а-я])от \d{1,3} ?%"
    r"|\b(?:po (?:wykorzystaniu|wyczerpaniu|przekroczeniu)|nach (?:verbrauch|erreichen|ablauf)"
    r"|apres (?:epuisement"
    r"|consommation)"
    r"|tras (?:consumir|agotar)|al (?:agotar|consumir|superar)|apos (?:o )?(?:consumo|termino|atingir)|dopo (?:aver"
    r"|l'esaurimento)"
    r"|po (?:vycerpani|vycerpani)|dupa (?:consumarea|epuizarea)|se (?:esgotar|consumir|acabar|gastar|ultrapassar"
    r"|exceder|atingir)"
    r"|si (?:agotas|consumes|superas|llegas))\b|после (?:исчерпания|израсходования|окончания)|після (?:вичерпання"
    r"|використання)"
    r"|(?:^|(?<=[.!?:] ))(?:ist|sind|reicht|haben|hast) (?:ihre?|deine?|das|der|die|sie|du)\b[^.;!?]{3,60}, "
    r"(?:surf|wird|werden|sink|konn|erhalt|reduz)"
    r"|\buki(?:ongeza|nunua|tumia|jiunga)\w*|\bbitmesine az kal\w*|\bbitince\b|\bbittiginde\b"
    r"|إذا|(?<![\u0600-\u06ff])لو (?=رصيد|باق|خلص)|عند (?:نفاد|انتهاء|شحن)|لما تشحن|اگر|यदि|अगर|যদি|หาก|ถ้า"
    r"|เมื่อ(?=คุณ|ยอด|เน็ต|ใช้)"
    r"|场合|になると|になったら|경우|(?:하|되|이)면(?= )|כאשר|(?<![א-ת])אם "
)
"""A condition."""

LAST_TIME = (
    r"\b(?:minul\w{2,3} mesic\w*|minul\w{2,3} mesiac\w*|zeszl\w{2,3} miesiac\w*|ubiegl\w{2,3} miesiac\w*"
    r"|poprzedni\w{0,3} miesiac\w*"
    r"|prosl\w{2,3} (?:mesec|mjesec)\w*|pretekl\w{2,3} mesec\w*|minal\w{1,3} mesec|миналия месец|минатиот месец"
    r"|минулого місяця|минулий місяць|luna trecuta|luna anterioara|elozo honap\w*|mult honap\w*|multhonap\w*"
    r"|forra manaden"
    r"|sidste maned|siste maned|forrige maned|viime kuussa|viime kuun|eelmisel kuul|pereit\w menesi|praeita menesi"
    r"|iepriekseja menesi"
    r"|bulan lepas|bulan kemarin|noong nakaraang buwan|nakaraang buwan|thang truoc|mwezi uliopita|pichle (?:mahine|mah)"
    r"|gecen (?:ay|hafta|yil)|o ?tgan oy|kecen ay|mes anterior|mes passado|mois precedent|mois passe|letzten monat"
    r"|vormonat)\b"
    r"|προηγουμενο μηνα|περασμενο μηνα|الشهر (?:الماضي|السابق)|ماه (?:گذشته|قبل)|पिछले (?:महीने|माह)|গত মাসে"
    r"|เดือนที่แล้ว|เดือนก่อน"
    r"|先月|前月|지난달|전월|בחודש שעבר|החודש הקודם"
)
"""What was, not what is."""

SENT_AWAY = (
    r"\b(?:aap ?ne [^.;]{0,24}\bko\b[^.;]{0,24}(?:share|transfer|bhej\w*|send)(?: kiya| kar| diy\w)|(?:du hast"
    r"|sie haben) [^.!?]{0,40}(?:gesendet|ubertragen|verschenkt|verschickt)|enviaste|"
    r"(?:doladowal[ae]s|gekocht voor|recargaste [^.]{0,12} al?|recarregou [^.]{0,12} para o?)"
    r" (?:numer |nummer |numero )?\+?[\dx*]{6,}|has enviado|has transferido"
    r"|transferiste|pasaste|regalaste|transferiu|voce (?:enviou|transferiu"
    r"|doou)|enviou"
    r"|vous avez (?:transfere|envoye|offert)|hai (?:trasferito|inviato|regalato)|telah (?:mengirim|menghantar"
    r"|mentransfer)|(?:sudah|berhasil)"
    r" (?:mengirim|transfer)|przeslal\w*|przekazal\w*|wyslal\w{2,3} \d|ai (?:trimis|transferat)|poslali ste"
    r"|prebacili ste|prenijeli ste"
    r"|poslal\w? (?:jste|ste)|elkuldott|atutalt|du har (?:overfort|sendt|skickat|fort over)|olet siirtanyt|umemtumia"
    r"|umetuma|umemhamishia"
    r"|umehamisha|da chuyen|chuyen (?:thanh cong )?[\d.]{3,9}d (?:den|toi|cho)|gonderdiniz|transfer ettiniz"
    r"|(?:ви поповнили|вы пополнили) (?:номер |рахунок |счет )?\+?\d[\dx*]{6,}|вы (?:перевели|отправили)"
    r"|ви (?:переказали|надіслали)"
    r"|изпратихте|прехвърлихте|μεταφερατε|στειλατε|naipadala|nagpadala ka|pinasa mo"
    r"|transfer of [^.;]{1,24} to (?:\+?\d|0)|you(?:'ve| have) (?:just )?(?:given|passed|donated|lent|me2u|shared))\b"
    r"|قمت بتحويل|تم تحويل|حولت|ارسال کردید|โอนเงิน|โอน ?\d|পাঠিয়েছেন|ट्रांसफर किया|送りました|선물했"
)
"""What went to another line."""

OTHERS = (
    r"\b(?:child|son|daughter|kid|wife|husband|spouse|mother|father|parent|friend|member)(?:'?s)?"
    r" (?:line|number|sim|phone|account|data)\b"
    r"|\bmember \+?[\d*x]{7,}|\b(?:linea|numero|linha|ligne|chip) (?:de|do|da|del|di) (?:tu|su|votre|seu|sua|tuo)?\s?"
    r"(?:hij[oa]|filh[oa]|figli[oa]|enfant|fils|fille|espos[oa]|familiar)|\bnomor (?:anak|istri|suami)"
)
"""Another's line, by who it is."""

PLANS = (
    r"\b(?:com (?:o|a|noss[oa])|con (?:el|la|il|una|tu|cada|nuestr[oa]|recargas?)|with (?:the|our|plan)"
    r"|avec (?:le|la|l'|notre)|mit (?:dem|der|unserem|unserer))\b"
    r"[^.;!?]{2,40}\b(?:voce tem|tienes|tendras|puedes|podras|you (?:have|get)|vous avez|haben sie|hast du|hai)\b"
    r"(?![^.;!?]{0,60}(?:left|remain|restant|disponib|qued|noch|ancora|rimanent|residu|uso|used|consum))"
)
"""What a plan would give."""

LENT = (
    r"\b(?:(?:te|le|ti|vous|voce) (?:presta|empresta|adelanta|anticipa|avance)|prestamos?|te prestamos|prestito"
    r"|emprunt\w*|pret|avance (?:de|sur)|anticipo|adelanto|adelanta|emprestimo"
    r"|emprest\w{2,6}"
    r"|pinjam\w*|pinjaman|hutang|avans|sos (?:credit|credito|saldo|recarga|recharge)|salva ?saldo|okoa|kopa|mkopo"
    r"|nipige tafu"
    r"|sapati|advance (?:balance|credit|airtime|data|talktime)|(?:airtime|credit|data|talktime|balance) advance"
    r"|emergency (?:balance|load|data|talktime|loan)|(?:xtra ?time|extra ?time|qwikloan|pay ?later)|utang|umutang"
    r"|ung (?:tien|data)|ung truoc|darurat"
    r"|borrow\w*|lend|lent|eligible for|pre-?approved|jelolt hitel|pujcka|pozajm\w*|kredit na dug)\b"
    r"|обещанн\w{2,3} платеж|доверительн\w{2,3} платеж|обіцян\w{2,3} платіж|екстра гроші|в долг|в кредит"
    r"|استلف|سلفني|سلفة|اقترض|قرض|قرضه|اعتبار اضطراری|ยืมเงิน|ยืมเน็ต|ধার|उधार|कर्ज|इमरजेंसी|लोन"
)
"""Credit that is lent or could be: neither a balance nor a debt of the plan."""

FOR_ALL = (
    r"\b(?:lines?|sims?|sim cards?|numbers?|accounts|customers|subscribers|users) (?:that|which|who|not|without"
    r"|inactive|unpaid"
    r"|unregistered|unused|with (?:incomplete|no|un\w+)|linked)\b|\b(?:un(?:registered|verified|linked|used|paid)"
    r"|inactive|non-?compliant) (?:sims?|sim cards|lines?|numbers|accounts"
    r"|customers|subscribers)\b|\b(?:las|estas|toda\w?|les|tout\w{0,2}|le|i|os|as) (?:lineas|linhas|lignes|numeros"
    r"|linee|numeri|chips|cartes sim|sim)"
    r" (?:sin|sem|non|no|que|qui|inactiv\w*|inattiv\w*|senza|nao)\b|\blinhas? sem\b|\blineas? sin\b|\b(?:kartu|nomor"
    r"|talian|pengguna) yang (?:tidak|belum|tak|ti?dk)\b"
    r"|\b(?:laini|namba) (?:ambazo|zote|zisizo)\w*|\b(?:karten|rufnummern|kunden) (?:ohne|die)\b|\bnumery (?:nie|ktore"
    r"|bez)\b"
    r"|(?:номера|абоненты|сим-карты),? (?:котор\w*|не |без |неактивн)|для разблокировки"
    r"|الخطوط|الشرائح|خطوط (?:غير|بدون)|سیم کارت های|เลขหมายที่|ทุกเบอร์|सभी (?:नंबर|सिम)|সকল সিম"
    r"|\b(?:from|starting|as of|effective) \d{1,2}[/. ]\w{1,9}[/. ]?\d{0,4},? (?:the|your) (?:price|rate|plan price"
    r"|tariff)"
)
"""A rule for all lines of some sort."""

TARIFF = (
    r"\b(?:welcome to|bienvenid[oa]s? a|bienvenue (?:en|au|a)|willkommen in|benvenut\w (?:in|a)|bem-?vindo a|witamy w"
    r"|dobrodosli u|добро пожаловать"
    r"|roaming (?:in|en|em|w|im)|while roaming)\b(?=.{0,120}(?:cost|kost|cuesta|custa|cout|/mb|/mo\b|per mb|por mb"
    r"|al giorno|/day|a day|limit|plafond|cap|tope))"
    r"|(?<!\d)1 ?(?:мб|mb|mo|gb|гб)\b[^.]{0,12}\b(?:коштує|стоит|kosztuje|kostet|kost|cuesta|coute|costa|custa)\b"
    r"|\b(?:is|are|be) charged at\b|\bout[- ]of[- ]bundle (?:data|usage|rates?) (?:is|are|costs?)\b"
)
"""What things cost."""

URGES = (
    r"freunde werben|werben sie|boostez|renforcez|doublez|ajoutez|passez|optez|decouvrez|dobij(?:te)? si|vinci"
    r"|empfehlen sie|empfiehl|recomienda|recomiende|indique|parraine[rz]?"
    r"|dobijte|toltsd fel|toltson fel|doladuj|doladujcie|reincarca|pata|jiunge|kopa|nunua|jishindie"
    r"|reload (?:now|with)|top up (?:now|today|with|your|by)|recarregue"
    r"|recarga (?:hoy|ya|ahora|desde|minimo)|recarga \S{2,8} (?:y|o mas|hoy)|pedi|solicita|contrata|duplica"
    r"|ricarica (?:almeno|\d+ e )|rechargez|souscrivez"
    r"|ongeza|shinda|отрим(?:ай|уй)|activez|achetez|kob (?=\d)|kop (?=\d)|kjop (?=\d)|tank op|lataa|osta|hanki|kupite"
    r"|nadoplatite|dopunite"
    r"|aktivirajte|купете|заредете|зареди|поръчай|вземи|замовляй"
    r"|kupi|cumpara|activeaza|isi ulang (?:min|rp(?![^!?]{0,18} (?:berhasil|sukses|telah|tlh|gagal))|sekarang"
    r"|minimal)|aktifkan|langgan|jom|yukle (?=\d)|yukleyin|soan"
    r"|mua|dang ky(?! thanh cong)"
    r"|حول(?= \d)|احصل|استمتع|اربح|اشحن(?= \d)|mag-?register|i-?register|kumuha|buche|sichere"
)
"""Imperatives to buy, at the head of a sentence."""
