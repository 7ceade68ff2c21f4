"""What must yield nothing, however much its numbers look like facts: codes, banks, wallets, prizes, parcels. Tables.

A fact that is not there is worse than one that is missed: each pattern here may silence a true message that says more
than one thing, and is worth it.
"""

import re

from agent.plan.messages import guards, scripts

_NEVER: tuple[tuple[str, str], ...] = (
    (
        "one-time code",
        (
            r"验证码|校验码|动态码|动态密码|动态口令|随机码|短信密码|登录密码|取件码|提货码|兑换码|激活码|授权码"
            r"|\botp\b"
            r"|one[- ]time (?:pass|pin|code)|(?:verification|security|confirmation|login|access|activation"
            r"|authentication|sms|auth) code|your code|code is\b|passcode|\bpin is\b|renewal pin"
            r"|код (?:подтвержд\w*|активации|доступа|для входа)|ваш код|пароль|parol|bestatigungscode|sicherheitscode"
            r"|code de (?:verif\w*|confirmation|securite)|codigo de (?:verif\w*|seguridad|confirma\w*|seguranca)"
            r"|codice "
            r"(?:di )?(?:verif\w*|sicurezza|otp)|kode (?:verif\w*|otp|rahasia|aktivasi)|kod (?:weryf\w*|autor\w*|sms"
            r"|tac)|dogrulama kodu|ma (?:xac thuc|xac nhan|otp)|verificatiecode|認証コード|确认码|인증번호|รหัส otp"
            r"|" + scripts.CODES
        ),
    ),
    (
        "bank or wallet",
        (
            r"银行】|【[^】]{0,12}(?:银行|信用卡|证券|基金|保险|支付宝|财付通|花呗|京东(?!通信)|美团|顺丰|菜鸟|淘宝"
            r"|拼多多|抖音"
            r"|滴滴|饿了么|燃气|供电|电网|水务|医保|社保|公积金|税务|交警|医院|学校|公交|地铁|物业|高速"
            r"|etc)[^】]{0,8}】"
            r"|\b(?:account|konto|cuenta|compte|conto|conta|rekening|acct|счет)\s(?:no\.?|nr\.?"
            r"|num\.?)?\s?(?:[*x]{1,8}\d{2,6}|\d{3,6})\b(?!\s?(?:[.,]\d|[%]|eur|€|usd|rub|r\b|mb|gb))"
            r"|\b\w{0,12}(?<!sim)(?<!sim )kart bakiye|\w{4,}(?<!sim)kart bakiye|\bkad anda\b|touch '?n go"
            r"|\bprepaid token|\btoken:"
            r"|借记卡|储蓄卡|信用卡|贷记卡|尾号\s?[\d*x]{3,4}\s?(?:的)?(?:卡(?!片?[^,。;]{0,4}(?:流量|套餐))|账|储|信|借|银|工|农|建|帐|理)"
            r"|卡尾号(?![^。]{0,16}(?:套餐|流量|物联))"
            r"|银联卡|他行汇入|活期|定期存款|(?<!预)存款余额|理财产品|还款日|贷款|支取|转账(?:汇款|支出|收入)|代发工资"
            r"|最低还款"
            r"|(?:和包|沃钱包|翼支付|红包|(?<!卡)钱包)(?:账户|可用)?余额|零钱|余额宝|(?<!卡)钱包余额|q币|点券|金币|钻石|会员卡"
            r"|礼品卡|购物卡|一卡通|饭卡"
            r"|油卡|公交卡|电费|水费|etc[储记卡账扣]|[粤苏鲁浙闽赣湘皖豫]通卡|暂停通行|深圳通|羊城通|八达通|悠游卡|街口支付"
            r"|燃气费|气费|物业费|取暖费|电表|水表|保费|车险|保单"
            r"|(?<!main )(?<!promo )(?<!in your )(?<!in ur )\ba/c\b(?!.{0,120}(?:gprs|talk ?time|\d ?[mg]b\b))"
            r"|\bacct?\.? ?(?:no|ending|x+|\*+)|\b(?:debit"
            r"|credit|visa|mastercard) ?card"
            r"|(?<!sim )card (?:ending"
            r"|no\b)|(?<!line )(?<!number )(?<!sim )(?<!sim card )ending (?:in |with )?[x*\d]{3,6}\b|\bm-?pesa\b"
            r"|\b(?:upi|neft|imps|rtgs"
            r"|ifsc|iban)\b|withdraw\w*"
            r"|net "
            r"?banking|\w*loan\b|hesabinizdan|kartinizdan|\bumsatz\b|\b(?:line of credit|credit line)\b|\bfuliza\b"
            r"|\boverdraft\b"
            r"|\bemi\b|(?<!load )\bwallet (?:recharge|top-?up|loaded|credited)\b"
            r"|(?:(?<!load )wallet"
            r"|savings|current account|checking"
            r"|card) (?:bal\w*"
            r"|account)|\b(?:paypal|gopay|gcash|paytm|phonepe|airtel money|momo|ecocash|tcash|linkaja|ovo|shopeepay"
            r"|tngo"
            r"|alipay|wechat pay|venmo|zelle|revolut)\b"
            r"|оплата (?:мобильн|сотов)\w+ связи|по картці|по карті|\bpo karti\b|\bсчет\d{4}\b"
            r"|\bovergemaakt naar|\b(?:ihre|deine) \w{2,16}(?:bank|sparkasse)\b"
            r"|\bgotivk\w*|\b(?:papara|ininal|tosla)\b|банк\b|\bkarta \*\d"
            r"|карта \*?\d{4}|карт[аыеу] (?:visa|мир"
            r"|mastercard)|баланс карты|по карте\b"
            r"|(?<!скоро )списание \d[\d ,]{0,8}(?:[.,]\d\d)?\s?(?:р|руб|rub|₽)|снятие"
            r"|\bvirement\b|\bcuenta (?:bancaria|de ahorro"
            r"|corriente|terminada)|tarjeta(?! sim| prepago)"
            r"|cartao(?! sim)(?!.{0,40}falta de (?:carregament|recarga))|carta di credito"
            r"|(?<!telefoon)(?<!openstaande )rekening(?! nog| staat| mee| (?:nog )?niet)"
            r"|saldo (?:rekening|tabungan)|konto bankowe|girokonto|ueberweisung"
            r"|uberweisung|kreditkarte|kontonummer|so du tk \d|tk \d{6,}|kartu kredit"
            r"|carte (?:bancaire|de credit)|tarjeta de credito|kredi kart\w*|the tin dung"
            r"|prepaid card|gift card|\buber ?(?:eats|cash|account|credits?|one|rides?|trips?|wallet|pool|moto)\b"
            r"|\b(?:amazon"
            r"|google play|netflix|spotify|steam|xbox|playstation|itunes|starbucks|skype"
            r"|taxi|fare|lazada|airbnb|capitec|absa"
            r"|nedbank)\b|\bmoney (?:in|out)\b|\bsalary\b|beneficiary|paid (?:from|to)\b|sent to\b|\bacc\.\.|meter "
            r"(?:no|number"
            r"|token)|electricity|kwh|statement balance|minimum payment|\b(?:lunch|meal"
            r"|toll(?!.?free)|at hop|myki|opal card"
            r"|e-zpass|fastag"
            r"|metrocard|oyster|parking)\b|prize draw"
            r"|\byou have recharged [^.]{0,12}\d[\d.,]{0,9} (?:airtime |credit )?for \+?[\d*x]{7,}"
            r"|insurance|mortgage|brokerage|mutual fund|" + scripts.BANKS
        ),
    ),
    (
        "prize or premium rate",
        (
            r"\bur\b.{0,160}\b(?:txt|call|claim|question|cash)\b|\btxt\b.{0,60}\b\d{5}\b|"
            r"\b(?:won|winner|prize|lottery|jackpot|casino|bet|betting|cash-balance|unredeemed|claim (?:now|call|your)"
            r"|to claim|ringtone|poly(?:phonic)?|p/msg|per msg|150p|per wk|chat ?line|text stop"
            r"|service you ordered from|congratulations! you)\b|free (?:text messages|messages|entry)"
            r"|彩票|博彩|牛牛|贷款额度|刷单|返利"
            r"|pemenang|menang undian|undian|выигра\w*|розыгрыш"
        ),
    ),
    (
        "parcel, ticket or other trade",
        (
            r"网吧|快递|包裹|快件|取件|驿站|外卖|骑手|航班|车次|挂号|预约挂号|门票|电影票|域名|云服务器|虚拟主机"
            r"|主机到期"
            r"|ssl证书|\b(?:parcel|shipment|delivery|courier|tracking|your order|order #|flight|boarding|appointment"
            r"|booking|domain|hosting|ssl certificate|warranty|passport|driving licen[cs]e|rent\b|tuition"
            r"|subscription "
            r"to netflix|gym)\b|посылк|заказ №|paket(?:et)? ist unterwegs|sendung|colis|paquete (?:llegara|esta en "
            r"camino)"
        ),
    ),
    (
        "private",
        (
        r"\bi(?:'ve|'m|'ll| am| have| was| need| can)\b|\blol\b|帮我|我手机|我的手机没|(?:^|[,。])(?:妈|爸|老婆"
        r"|老公)[,，]"
        ),
    ),
    (
        "phishing",
        (
            r"\bkyc\b|涉嫌(?!.{0,40}已被?(?:关停|停机|暂停|限制).{0,24}营业厅)|公检法|刷流水|冻结您的(?:银行|账户)"
            r"|点击.{0,10}(?:认证|核实"
            r"|激活).{0,20}(?:否则|将冻结)"
            r"|confirm "
            r"your "
            r"(?:identity|account details)|verify your (?:account|identity)|click .{0,30}(?:to avoid|verify)|unusual "
            r"(?:activity|sign)|refund of|tax refund|hmrc|unlock your"
        ),
    ),
)  # fmt: skip
_ASIDE = re.compile(
    r"各位(?:客户|用户)|广大(?:客户|用户)|(?:结算|出账|维护|升级|割接|检修)期间|暂停(?:充值|查询|业务|办理)|金豆|云豆"
    r"|京豆|成长值|蚂蚁森林|中奖|抽奖|恭喜您(?:成功)?(?:参与|获得"
    r"|中)|积分(?:余额|将于|即将|有效|清零|到期|查询|[^,。;]{0,6}\d)|(?:优惠"
    r"|代金|话费|流量|折扣|满减|兑换|提货|会员|体验)券|卡券|红包|(?<!合约)活动|福利|翻牌|生日快乐|节日快乐|新年快乐"
    r"|祝您(?:生日|新年|春节|中秋|元旦|国庆)"
    r"|系统[^,。;]{0,6}(?:升级|维护|割接|调整|检修)"
    r"|\bborrow\w*|\bairtime advance|\bemergency (?:credit|airtime)|\bokoa\b"
    r"|(?:loyalty|reward|bonus) points|points (?:expire|balance|will)"
    r"|\b(?:poin|puntos|punkte|pontos|punti|punkty|puan\w*|pisteita|poeng)\b|\d\s?бонус(?:ов|а)\b|\bбалл(?:ов|а|ы)?\b"
    r"|\b(?:fidelite|fidelidad|fidelidade|fedelta|treue\w*|lojalnosc\w*)\b|نقطة|نقاط|คะแนน|แต้ม"
    r"|happy (?:birthday|new year|diwali|holi|eid"
    r"|christmas)|merry christmas|season's greetings|selamat (?:hari raya|tahun baru|ulang tahun|idul)|с (?:новым "
    r"годом|днем рождения)|joyeux|feliz (?:navidad|ano|cumple|natal)|voucher code|coupon"
)
"""What silences its own sentence only: carriers hang adverts and greetings behind their answers."""
_PATTERNS = tuple((why, re.compile(text)) for why, text in _NEVER)
_TOPIC = re.compile(
    r"续订|用量|播报|交费|换套餐|变更|提醒|查询|通知|信息|结果|提示|服务|账单|流量|话费|余量|余额|停机|缴费|充值|温馨"
    r"|欠费|到期|套餐|公告|告警|预警"
    r"|短信|免费送|[送赠领享得]\d|\d[gm]b?$|\busage\b|\bbalance\b|\bdata\b"
)
_SIGNED = re.compile(r"^\s{0,3}[【\[]([^】\]]{1,20})[】\]]|[【\[]([^】\]]{1,20})[】\]]\s{0,3}$")
_TELECOM_NAME = re.compile(
    r"移动|联通|电信|广电|物联|流量|iot|sim|卡|通信|通讯|网络|支付|收单|收款|商户|pos|随行付|拉卡拉|易宝|汇付|银盛"
    r"|合利宝|海科|瑞银信|国通|盛付通|嘉联|乐刷|富友|和包|联动|智能|科技|wifi|无线|车联|车载|终端|设备|数智|云|畅|虚拟"
    r"|ahamo|povo|^au$"
    r"|uq ?mobile|ワイモバイル|알뜰폰|프리티|모바일|텔레콤|유심|^lgu?\+|티플러스"
    r"|linemo"
    r"|mineo|iijmio|小米移动|阿里通信"
    r"|蜗牛|远特|航信|迪信通|红豆|分享通信|鹏博士|中麦|10086|10010|10001|10000|10099|onelink|手厅|モバイル|mobile"
    r"|telecom|docomo|softbank|楽天|^kt$|^skt$"
)
_FOREIGN_TRADE = re.compile(
    r"验证|银行(?!】[^。;]{0,24}(?:pos|机具|终端|收单))|云$|腾讯|阿里云|华为云|百度|京东(?!通信)|美团|游戏|教育|医"
    r"|视频|音乐|酒店|地产|证券|基金|保险|贷|金融(?!支付)"
)
_YOUR_CARD = re.compile(
    r"您(?:的|名下)[^,。;]{0,14}(?:流量卡|物联网?卡|sim卡|上网卡|数据卡|设备卡|机具卡|流量(?:套餐|服务|费)"
    r"|通[讯信](?:服务|费))[^。;]{0,40}"
    r"(?:已|剩余|到期|停机|停用|锁定|用完|用尽)|(?:sim|流量|物联网?)卡(?:\([^)]{1,24}\))?(?:将于|已"
    r"|即将)[^,。;]{0,20}(?:到期|停机|停用|失效)|8986[\d*x]{6,}|卡已(?:被)?(?:停机|断网|停网)|网络已断开|卡内流量|\d\s?[mg]b?/[年月]套餐|您的?卡片?[^,。;]{0,12}(?:流量|停机)"
)
_WAY = (
    r"(?:paypal|gopay|gcash|paytm|phonepe|airtel money|momo|ecocash|linkaja|ovo|shopeepay|m-?pesa"
    r"|debit/credit cards?|debit(?: or credit)? cards?|credit(?: or debit)? cards?|visa|mastercard|支付宝"
    r"|微信(?:支付)?|云闪付|银行卡|储蓄卡|借记卡|信用卡|翼支付|和包)(?![a-z])"
)
_WAYS_TO_PAY = re.compile(
    rf"(?:\b(?:via|through|using|with|or|with your|by)|通过|使用|用)\s{{0,2}}(?:(?:the|your|any|a) )?"
    rf"(?:dito app or |app or )?{_WAY}(?:\s?(?:,|/|、|或|和|及|or\b|and\b)\s?{_WAY}){{0,4}}"
    # "Recarga con tarjeta al *444", "Laden Sie mit Kreditkarte auf"; a purchase's card has a number behind it
    r"|\b(?:recarg|recarreg|ricaric|recharg|reload|top up|auflad|aufladen|laden|doladuj|dobij|ladda|yukle)"
    r"\w*[^.!?;:\d*]{0,24}?"
    r"\b(?:con|com|par|avec|mit|med|with|by|via)\s(?:(?:tu|su|una|seu|um|sua|la|ta|votre|ihrer|deiner|your)\s)?"
    r"(?:tarjeta|cartao|carte|kreditkarte|carta|card)"
    r"(?: (?:de (?:credito|debito|credit)|di credito|bancari[ao]|bancaire|debit|credit))?"
    r"(?=\s?(?:[.!;]|$|(?:al|en|na|no|at|on|in|o|ou|oder|auf|y|e|su|sur|au|via)\s(?!\w{0,20}\s?\d[\d.,]*\s?(?:eur|usd|\$))))"
    r"|\b(?:pago|paiement|pagamento|zahlung|betaling|platnosc) (?:con|par|com|mit|met|karta)"
    r" (?:tarjeta|carte|cartao|carta|karte|kaart)"
    r"(?= (?:no|n'a|nao|non|nicht|niet|nie)\b)"
    r"|\b(?:recarg|recarreg)\w*[^.!?\d]{0,40}?\b(?:con|com|por|via|pelo|desde|no)"
    r" (?:mercado pago|nequi|daviplata|yape|picpay|bizum|pix)\b"
    r"|проверьте (?:баланс |данные )?(?:вашей )?карт\w{1,3}|перевірте (?:баланс |дані )?карт\w{1,3}"
    r"|카드(?:를|의)?\s?(?:정보)?[^.]{0,4}확인|カード情报"
    r"|(?:检查|核对|更新|确认|更换)[^,。;]{0,8}(?:信用卡|银行卡|储蓄卡)(?:资料|信息)?"
    r"|签约的?(?:尾号\s?[\d*x]{3,4}的?)?(?:银行卡|信用卡|储蓄卡)"
    r"|\bkredi kart\w{0,8}(?:la|le| ile)\s[^.\d]{0,24}yukle\w*"
)
"""Named as a way to pay only: the message is not theirs."""
_TERMINALS_CARD = re.compile(
    r"【[^】]{0,8}银行】(?=[^。;]{0,24}(?:pos|机具|终端|收单)[^,。;]{0,10}(?:流量卡|sim卡|通[讯信]卡|流量费|通[讯信]费"
    r"|流量服务))"
)
"""A bank as acquirer, that writes about the card in its terminal."""
_TRANSACTION = re.compile(
    r"\bdebited\b|\bdebit\b(?! (?:reduit|max|ralenti|limite|internet|illimite|est))|\bcredit alert\b"
    r"|\ba transaction of \d|\bcash (?:out"
    r"|in)\b|\btrx ?id\b|\btxn\b|\bpix\b|\btransfer(?:red|encia)?\b(?!\s?:?\s?\d[\d.,]{0,6}\s?[gm]b)"
    r"|\b(?:purchase|spent|ride|trip|order) (?:at|of|payment)\b|\bpos (?:at|purchase|txn)|\bsale approved\b|\bbatch\b"
    r"|\b(?:nequi|daviplata|mercado pago|picpay|yape|bkash|nagad|rocket(?! pack)|opay|palmpay|wave|orange money"
    r"|mobicash"
    r"|easypaisa|jazzcash|zaad|kbzpay|grabpay|truemoney|boost wallet|payconiq|bizum|blik|swish|mobilepay|vipps"
    r"|cash app)\b"
    r"|\bpayment (?:for|of) [^.]{1,24} to\b|\bretrait\b|\bretiro\b|\bsaque\b|\bprelievo\b|\bpenarikan\b"
    r"|\be-?money\b|\be-?toll\b|\btol\b|\btransporte\b|\b(?:paket|voucher) (?:hotspot|wi-?fi)\b"
    r"|\bfund transfer|收款笔数|结算(?:到账|款|金额)|提现|刷满|交易金额|手续费|刷卡|(?<![值费])交易失败"
)
_OF_A_LINE = re.compile(
    r"流量|停机|话费|套餐|sim卡|\b(?:airtime|talktime|prepaid|data (?:bundle|pack|plan|balance|bal)"
    r"|main (?:a/c|acc|account|bal)\w*|kuota|pulsa|guthaben|konto aufladen|call (?:cost|charge|dur)\w*|call_\w+"
    r"|duration"
    r"|\d ?[mg]b ?/ ?day|recharge of|credit to \d{6,}|\d{1,4} ?[mg]b (?:left"
    r"|remaining))\b"
)
_TELECOM_TEXT = re.compile(
    r"号卡|设备卡|充值卡|iccid|8986\d\d|话费|流量|停机|套餐|sim|物联|号码|手机|停复机|预付|储值|主账户|免卡|靓号|通话|漫游"
    r"|虚拟运营|增值|ussd|通信|通讯"
    r"|(?<!房屋)(?<!房)(?<!车位)月租(?!房|车|金|公寓)|含赠款|赠款余额|扣除您已产生的消费"
    r"|断网|机具|运营商|mobile|unicom|telecom|宽带|上网|本机|通用余额|国内通用"
)


_MONEY_TRADE = re.compile(
    r"^\W{0,3}[a-z]{0,12}(?:pay|bank|wallet|money)(?![a-z])\s?:|\bpostepay\b|\b(?:dana|bbva|santander|garanti|hsbc"
    r"|citi|chase|barclays|lloyds|natwest|monzo|hdfc|icici|sbi|kotak|bca|bni"
    r"|bri|mandiri|maya|cimb|bdo|bpi|itau|bradesco|caixa|sparkasse|raiffeisen|ing|zenith|uba|fnb|ziraat|yapi kredi"
    r"|scb|tinkoff|sber\w*|vtb|alfa-?bank|raiffeisen)\b"
    r"|сбер|тинькофф|т-банк|втб|альфа-|\batms?\b|\b\w{0,12}bank(?:u|a|ow|iem)?\b|\bbanc[oa]\b|\bbanque\b|\bbanka\w{0,4}\b"
    r"|\bdeposit(?:ed)?\b|\b(?:your|ur) wallet\b|\bcuotas?\b|\binstal+ments?\b|\bprestamo\b|\bкредит\b|\bзаём\b"
    r"|\bбот[уа]?\b"
)
_BILL = re.compile(
    r"\b(?:postpaid|monthly|latest|combined|current|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)\w{0,6}) (?:\w+ )?(?:bill|invoice|statement)\b"
    r"|\b(?:bill|invoice) (?:of|for|amount|is (?:ready|generated|due|now|available))\b|\bdue date\b"
    r"|\bfaturaniz\b|\btu factura\b|\bsua fatura\b|\bvotre facture\b|\b(?:ihre|deine) rechnung\b|\bbolletta\b"
    r"|\btagihan\b|\b(?:tu|su|sus) (?:recibo|boleta)\b|\bla tua fattura\b|\bfaktur\w* (?:nr|na kwote|c\.|za|pa|over)"
    r"|\b(?:fatura|factura|facture|fattura|bolletta|rechnung|faktura|factuur|boleta)\b[^!?]{0,44}\b(?:disponi\w+|pronta|emitida"
    r"|liegt|ist da|staat klaar|beschikbaar|dostepna|gotowa|wystawion\w*|k dispozici)\b|рахунок за[^.]{0,30}(?:готов"
    r"|сформован)"
    r"|счет за[^.]{0,30}(?:готов|сформирован)|\btermin platnosci|\bdatum splatnosti"
    r"|\bszamla\w*\b"
    r"|(?<!napolnili )(?<!dopunili )(?<!nadoplatili )\bracun (?:za|br\.?)\b|\b(?:arve|saskaita|rekins|lasku) (?:nr"
    r"|no|numero|uz|par)|\bfaktura\w* (?:pa|din)"
    r"|\bfaktura ta|\bfactura (?:ta|no|de|por)"
    r"|фактура|счет-фактура|λογαριασμ\w+ (?:σας )?(?:ποσου|ληγει|ειναι)|\b(?:invoice|bill) (?:no|nr|number)\b"
    r"|ใบแจ้งค่าบริการ|请求书|청구서"
)
_CUT_OFF = re.compile(
    r"suspend|barred|disconnect|overdue|past due|outstanding|blocked|gesperrt|bloque|sospes"
    r"|diblokir|dihentikan|belum (?:di|ter)?bayar|belum (?:melakukan )?pembayaran|belum (?:kami )?terima|tunggakan"
    r"|impaye|cortad|nao pagou|vencid[ao]|em atraso|nao foi paga|n'a pas ete (?:reglee|payee)"
    r"|restant[ae]?\b|impag[ao]|pendiente de pago|non (?:pagata"
    r"|risulta)"
    r"|niezaplacon|nieoplacon|zalegl|odenmemis|odenmedig|kapatil|zablokowan|wstrzyman|pozastaven|nicht bezahlt"
    r"|uberfallig|por pagar|nao identificamos|nicht (?:abbuchen|einziehen|abgebucht)|niet betaald|staat nog open"
    r"|nous devez|ne(?:za|u)hra[dz]|po splatnosti|minal|не оплач|не сплач"
)
_PREPAID_ACCOUNT = re.compile(r"a/c bal\w*\b.*(?:validity|recharge|airtime|gprs|talk ?time|\d ?[mg]b\b)")
_OF_A_BANK = re.compile(r"debit|credited|\bupi\b|\bneft\b|\bimps\b|\batm\b|x{2,}\d|(?<!\d{4})\*{2,}\d|\bavl\b")
"""South Asia's carriers write "a/c bal" as its banks do."""
_AIRTIME = re.compile(
    r"\d ?[mg]b\b|pulsa|airtime|top[- ]?up|recharge|话费|流量|prepaid|data (?:bundle|pack|plan)|\bsim\b|kuota"
    r"|isi ulang|guthaben"
    r"|recarga"
)


def not_ours(plain: str) -> str | None:
    """Why a message can hold no fact about the plan, or None. A bank may stand in a text about airtime: "via ATM"."""
    plain = _TERMINALS_CARD.sub(lambda hit: hit.group().replace("银行", "    "), _WAYS_TO_PAY.sub(" ", plain))
    if _BRAND.search(plain):
        return "another trade"
    if _PREPAID_ACCOUNT.search(plain) and not _OF_A_BANK.search(plain):
        plain = plain.replace("a/c", "acc")
    why = next((why for why, one in _PATTERNS if one.search(plain)), None)
    if why is None and (_MONEY_TRADE.search(plain[:16]) or (_MONEY_TRADE.search(plain) and not _AIRTIME.search(plain))):
        return "bank or wallet"
    if why is None and _BILL.search(plain) and not _CUT_OFF.search(plain):
        return "a bill"
    if why is None and _TRANSACTION.search(plain) and not _OF_A_LINE.search(plain):
        return "a purchase or transfer"
    return why


def foreign_signature(plain: str) -> str | None:
    """The 【signature】 of somebody who sells no SIM plans; titles like 【余量提醒】 are none.

    Under any other name a text that tells the state of *your* card is a card seller's: their names come and go.
    """
    of_your_card = bool(_YOUR_CARD.search(plain))
    for hit in _SIGNED.finditer(plain):
        name = hit.group(1) or hit.group(2)
        foreign = _FOREIGN_TRADE.search(name.removesuffix("云") if of_your_card else name)
        if foreign or not (of_your_card or _TOPIC.search(name) or _TELECOM_NAME.search(name)):
            return name
    return None


_ANSWER = re.compile(
    r"尊敬的(?:客户|用户)[^。;]{0,8}(?:截[至止][^。;]{2,24}|扣除您已产生的消费[^。;]{0,60})余额(?:为|是|:)?\s?-?\d[\d.]*元"
)
"""How a carrier answers who asks: "尊敬的客户,截至10月2日,您的账户可用余额为36.20元"; banks name the card."""


def speaks_of_mobile(plain: str) -> bool:
    """Whether a Chinese text names a thing of the mobile trade, or has the shape of a carrier's answer."""
    return bool(_TELECOM_TEXT.search(plain) or _ANSWER.search(plain))


_OTHERS = re.compile(
    r"(?<!尊敬的)(?<!您的)用户已(?:经)?(?:欠费|停机)|(?:拨叫|拨打|呼叫|联系)的(?:用户|号码|电话)"
    r"|(?<!主)副卡[^,。;]{0,5}[\d*]{5}"
    r"|(?:亲友|亲情|家人|好友|(?<!集团)(?<!池)成员(?!合计|共)|他人|对方)(?![^,。;]{0,8}(?:为|给|向)您)"
    r"[^,。;]{0,16}(?:充值|缴费|交费|使用|余额|欠费)"
    r"|为其(?:号码|账户|手机)"
)
"""A sentence of somebody else's number."""


def is_of_others(sentence: str) -> bool:
    return bool(_OTHERS.search(sentence))


_BRAND = re.compile(
    r"^\W{0,3}(?:dear \w+[, ]{1,2})?(?:your )?(?:microsoft|office|kindle|audible|hulu|prime video|adobe|apple|icloud"
    r"|spotify|disney|canva|zoom"
    r"|linkedin|tokopedia"
    r"|shopee|gojek|grab|bukalapak|traveloka|lazada|swiggy|zomato|flipkart|myntra|ola|rapido|bigbasket|sony ?liv|zee5"
    r"|netflix|coursera"
    r"|udemy|notion|slack|github|aws|azure|youtube|ebay|walmart|tesco (?:bank|clubcard)|ikea|aliexpress|temu|shein"
    r"|mercado|rappi|ifood"
    r"|nubank|deliveroo|just eat|glovo|foodpanda|line pay|paypay|credit agricole|bnp|societe generale|lcl|caisse|n26"
    r"|unicredit|intesa|bancolombia"
    r"|davivienda|banamex|banorte|bradesco|revolut|wise|klarna|yandex|ozon|wildberries|avito|allegro|bolt|lyft"
    r"|doordash|airbnb|booking|ryanair"
    r"|expedia|dhl|fedex|ups)\b"
)
"""Who speaks first in it, where that is a shop, a bank or a service of the net."""


def is_aside(sentence: str) -> bool:
    """Whether a sentence is about points, coupons, draws, greetings, fraud or another service."""
    return bool(_ASIDE.search(sentence)) or guards.is_warning(sentence) or guards.is_of_another_service(sentence)
