"""The words by which a message says what happened, by kind and language; tables, and what makes them doubtful."""

import re
from collections.abc import Mapping

from agent.plan.messages import european, roots_scripts, scripts, smaller

_CUT_ZH = (
    r"已(?:被|遭)(?:停机|断网)|已(?:经)?(?:因)?欠费(?:被)?(?:停机|停用|断网|停卡|停服)|已[^,。;]{0,8}停机保号|已(?:经)?(?:自动)?(?:被"
    r"|于[^,。;]{1,24})?(?:单向|双向"
    r"|强制|全部"
    r"|半)?(?:停机|双停|单停|半停|关停|停用|销户|注销|销号|锁定|断网|[达超到]量停机|超[限额]停机|停卡|锁卡|停服|拆机)"
    r"|(?:处于|进入)[^,。;]{0,6}(?:停机|分离|停用|冻结|断网|欠停|锁定)|机卡分离(?:状态|停机)|机卡分离(?!,?如|功能"
    r"|业务|规则)"
    r"|(?:因|由于)[^,。;]{0,16}(?:欠费|逾期|余额不足|未实名|违规|用完|超量|到期|异常|机卡)[^。;]{0,8}(?<!将)(?:停机|停止"
    r"|暂停|关停)"
    r"|(?:已|被|现已|已经|已被)(?:暂时|临时|自动)?(?:暂停|停止|中止|限制|关闭|中断)[^,。;]{0,12}(?:服务|使用|通信"
    r"|上网|流量|功能|通话|呼出|数据)"
    r"|(?:服务|功能|流量|数据|上网|通信|网络|卡)[^,。;]{0,4}(?:已|已被|已经|已自动)(?:暂停|停止|关闭|限制|受限|中断|停用"
    r"|停机)|(?<!可)(?:被|做)(?:运营商|系统|平台|后台|管控平台|移动|联通|电信|广电)?(?:强制|自动|暂时)?(?:停机|限制"
    r"|关停|停用|停卡|断网|锁定|暂停|封停|销户|注销|销号|回收|拆机)(?:处理)?"
    r"|状态[^,。;]{0,20}变更为\s?[“\"']?已?(?:停机|停用|断网|注销|销户|冻结|暂停)"
    r"|状态\s?(?::|为|是)\s?(?:已|欠费)?(?:欠停|单停|双停|半停|强停|达量停|停机|停用|停卡|断网|注销|销户|冻结)"
    r"|(?:暂未|尚未|未)订购套餐"
    r"|已为您(?:实施|进行)?[^,。;]{0,6}(?:停机|关停)|将(?:为您)?暂停[^。]{0,30}(?:自动恢复"
    r"|下月|次月)|功能限制|功能因[^,。;]{2,24}已被?(?:关闭|暂停|限制)|已被销号|停机保号(?:业务)?(?:已)?(?:办理)?成功|已于[^,。;]{4,20}(?:停止|暂停|中断"
    r"|关闭)[^,。;]{0,8}(?:服务|通信|功能)|(?:已|现已|,)触发[^,。;]{0,8}(?:断网|停机|限制)|(?<=[,】:])(?:业务|服务"
    r"|网络)?(?:已?暂停|已停|已断开|停止)(?:上网|服务|通信|使用|业务)?(?=[,。;!【]|$)|网络已断开?|服务已停|已停网|(?<!期间)(?:现|已|目前|暂时?)(?:无法"
    r"|不能)(?:正常)?(?:主叫|呼出|拨打|上网|通话)|功能已关(?=[,。;!])"
    r"|(?:今日|今天|现)(?:起)?(?:暂停|停止)[^,。;]{0,10}(?:服务|功能)"
)

_CUT = (
    r"(?:state|status)(?: has)?(?: been)?(?: changed| set| updated)?(?: from \w{3,12})?(?: to)?\s?:? (?:suspended"
    r"|deactivated|barred"
    r"|blocked|terminated|disabled|inactive)|(?:has been|have been|is|was|are|been|is now|now|temporarily|currently"
    r"|automatically|gets?|'s)\s(?:temporarily "
    r"|fully |now |currently |automatically |permanently )?(?:suspended|paused|barred|deactivated|disconnected|blocked"
    r"|stopped|cut off|discontinued|restricted|terminated|locked|inactive|on hold|disabled|switched off|cut"
    r"|interrupted (?:due to|because of|for) (?:non-?payment|unpaid|insufficient|low|lack))"
    r"|(?:services?|line|sim(?: card)?(?: [\dx*]{4,22})?|data|session|account|outgoing"
    r"|incoming)\s(?:temporarily )?(?:suspended|barred|stopped|blocked"
    r"|deactivated)"
    r"|(?:не )?заблокирован\w*|приостановлен\w*|(?:услуг\w|номер|интернет|доступ)[^.]{0,25}отключен\w*|ogranichen\w*"
    r"|zablokirovan\w*|priostanovlen\w*|обмежено|призупинено|заблоковано"
    r"|gesperrt|deaktiviert|stillgelegt|suspendid[oa]s?|bloquead[oa]s?|cortad[oa]|suspendue?s?|bloquee?s?|resiliee?"
    r"|desativad[oa]|suspens[oa]s?\b|inactiva|sospes[oa]|bloccat[oa]|disattivat[oa]|geblokkeerd|opgeschort|afgesloten"
    r"|zablokowan\w*|zawieszon\w*|diblokir|terblokir|dinonaktifkan|ditangguhkan|disekat|digantung|hangus|kapatil\w*"
    r"|askiya alin\w*|kisitlan\w*|bi (?:khoa|chan|tam ngung|cat)|tam (?:ngung|khoa)|zablokovan\w*|suspendat\w*"
    r"|blokkolv\w*|sparrat|sperret|tidak aktif|ditamatkan|coupee?s?|desactivee?s?|desactivad[oa]s?|inhabilitad[oa]"
    r"|dada de baja"
    r"|inativ[oa]|dezaktywowan\w*|wylaczon[aey]\b|durdurul\w*|abgeschaltet|eingeschrankt|отключен\w{0,2}(?! по)"
    r"|ограничен\w*"
)

_WARN_ZH = (
    r"(?<!避免)(?<!如)(?<!防止)(?<!无)(?<!未)(?<!不)(?<!若)(?<!免)(?:已|您|号码|话费|账户|手机|目前|累计|产生|本机"
    r"|用户|当前|存在|,|^|:|卡|】)[^,。;避如防免若无未]{0,8}欠(?:费|款|缴)(?!\s?(?:金额)?(?:为"
    r"|:)?\s?0(?:[.·]0{1,2})?\s?元)|(?:余额|话费|资金)[^,。;]{0,6}(?:不足(?!的)|低于|较低|少于|过低|偏低|仅剩|即将用"
    r"|已用完"
    r"|耗尽|不多)|(?:账户|余额|话费)(?:当前|现)?(?:已透支|已为0(?![.\d])|已?无余额|已无可用)|(?:账单|话费|月租费?)[^。;]{0,20}已(?:过期"
    r"|逾期)[仍且尚]?未[缴付交]|(?:流量|服务|通[讯信]|年)费已逾期(?=[,。;!])|(?:即将|将被"
    r"|将会?)(?:被)?(?:停机|欠费|单停|双停)"
    r"|(?:您|号码)[^。;]{0,30}将于[^,。;]{1,24}(?:停止|暂停)(?:所有)?(?:通[信讯])?服务|将于[^,。;]{1,24}(?:停机|断网"
    r"|停用|停网|销户|销号|注销)|将(?:被)?(?:暂停|停止|关停|中断)[^,。;]{0,10}(?:服务|使用|通信|上网|流量"
    r"|功能|通话)|请(?:您)?(?:及时|尽快"
    r"|尽早|立即|马上|速)[^,。;]{0,8}(?:缴费|交费|补缴|缴清|缴纳|充值话费|充值缴费|付费|结清)|请(?:您)?(?:及时"
    r"|尽快)充值"
)

_WARN = (
    r"low (?:on )?(?:balance|credit|airtime)|(?<!data )(?<!internet )(?:balance|credit"
    r"|airtime)[^.]{0,20}(?:is |running |getting |too |very "
    r")?(?:low|insufficient|below|finished|exhausted|less than|over soon)\b|insufficient (?:balance|funds|credit"
    r"|airtime)|(?:not|n't) (?:have )?(?:enough|sufficient|adequate) (?:\w{1,8} )?(?:credit|balance|airtime|money"
    r"|funds|load)|running (?:low|out) (?:of|on) (?:credit"
    r"|airtime|balance)"
    r"|out of (?:credit|airtime)|(?:bill|payment|account|invoice)[^.]{0,24}(?:overdue|unpaid|past due"
    r"|not (?:been )?received)|you owe|have "
    r"no (?:credit|balance|airtime)|(?:will|shall) (?:be|get) (?:suspended|barred|disconnected|deactivated|blocked"
    r"|cut)|you have no (?:credit|airtime) left"
    r"|(?:credit|balance|airtime|load|funds)\s(?:has |have |is )?(?:now )?(?:run out|finished|used up|nil|zero"
    r"|exhausted)\b"
    r"|недостаточно (?:средств|денег)|закончились деньги|средства закончились|минусов\w+ баланс|задолженност\w*"
    r"|пополните (?:счет|баланс|ваш)|порог\w* отключения|близок к"
    r"|недостатньо коштів|поповніть|nedostatochno|popolnite|zadolzhennost\w*|dolg"
    r"|guthaben[^.]{0,25}(?:reicht nicht|zu niedrig|fast aufgebraucht|nicht ausreich|aufgebraucht|gering)|nicht "
    r"genug guthaben|saldo (?:es )?insufic\w*|sin saldo|no tienes saldo|saldo bajo|saldo (?:no es|nao e) suficiente"
    r"|(?:credit"
    r"|solde)[^.]{0,12}(?:insuffisant|epuise|faible)|saldo insufic\w*|sem saldo|seu saldo acabou"
    r"|credito (?:residuo )?(?:insufficiente|esaurito|in esaurimento)|te weinig tegoed|onvoldoende|tegoed is bijna "
    r"op|niewystarczaj\w*|niski stan konta|brak srodkow|pulsa[^.]{0,22}(?:tidak (?:cukup|mencukupi)|habis|kurang"
    r"|menipis)|tunggakan|akan (?:diblokir|dinonaktifkan|dihentikan|digantung|disekat|ditamatkan)|tertunggak"
    r"|no cuoc \d|baki[^.]{0,12}(?:tidak mencukupi|rendah)|yetersiz(?!lig)|bakiyeniz (?:az|bit)|khong du"
    r"|sap het "
    r"tien|nedostatek|nedostatecn\w*|insuficient|saldo er lav|nao pagou (?:a )?sua fatura|fatura[^.]{0,30}(?:vencida"
    r"|em atraso)|factura[^.]{0,30}(?:vencida|impaga|pendiente de pago)"
    r"|facture[^.]{0,30}impayee?|fattura[^.]{0,30}non (?:pagata|saldata)|rechnung[^.]{0,30}(?:nicht bezahlt|uberfallig)"
    r"|faktur\w+[^.]{0,30}(?:niezaplacon|nieoplacon|zalegl)\w*|faturaniz[^.]{0,30}odenmemis\w*|se (?:te )?(?:agoto"
    r"|acabo|termino) (?:tu|su|el) (?:saldo"
    r"|credito)|(?:te )?quedaste sin (?:saldo|credito)"
    r"|credito non e'? ?sufficiente|(?:geringe[mns]?|unzureichende[mns]?|nicht genugend) guthaben|saldo agotado"
    r"|(?:creditos?|saldo) (?:acab|agot)\w+"
    r"|plus de credit|credit epuise"
    r"|(?:belt|t)egoed is (?:bijna )?op\b|kein guthaben|guthaben (?:ist )?(?:leer|erschopft)"
    r"|srodki (?:sie )?(?:skonczyly|wyczerpan\w*)"
    r"|credito (?:e )?(?:terminato|finito)|het tien\b|pulsa anda (?:telah |sudah )?habis"
)

_DONE_ZH = (
    r"(?:充值|缴费|交费|续费|续期|冲值|缴存|(?:流量|通[讯信]|卡|服务)(?:年|月)?费[^,。;]{0,24}(?:扣缴|扣款|扣费|扣取"
    r"|代扣))[^,。;]{0,16}?(?:已成功|成功|已到账|到账|已完成|已生效)|成功(?:为|给|向"
    r"|在)?[^,。;]{0,24}(?:充值|缴费|交费|充入|缴纳|续费|冲值)|已(?:成功)?(?:为您|为|给|向)?[^,。;]{0,24}(?:充值"
    r"|充入|缴费|到账|缴纳|交费)(?:话费)?[^,。;]{0,3}\d|收到[^,。;]{0,14}(?:充值|缴费|话费\d)|于[^,。;]{1,20}(?:充入"
    r"|充值|存入|缴纳"
    r"|交费)(?:话费)?[^,。;]{0,3}\d|(?:缴纳|缴存|充值|存入)(?:话费"
    r"|电话费)?[^,。;]{0,3}\d[\d.]{0,9}元[^,。;]{0,3}成功|(?:卡|套餐|服务|终端|设备|机具)[^,。;如]{0,10}已(?:充值|缴费"
    r"|续费)(?![的金用前])|已(?:充值"
    r"|缴费|续费)成功?|(?:充值|缴费"
    r"|交费)[^,。;]{0,12}元[^。;]{0,4}已|您[^,。;]{0,40}(?:充值|缴费|交费)(?:了)?[^,。;\d]{0,6}\d[\d.]{0,9}元"
    r"|话费[^,。;]{0,12}(?:已到账|已入账)|话费到账\s?\d|话费[^。;]{0,16}(?:已|成功)(?:存入|充入|充好)|到账话费\s?\d|(?:充值|缴费|交费)(?:交易|申请"
    r"|订单)?\([^)]{1,30}\)(?:已)?(?:处理)?(?:成功|到账|完成)|(?<!可)充话费成功|(?:流量|通讯"
    r"|通信)(?:服务)?费[^,。;]{0,10}(?:缴纳|扣缴|支付"
    r"|缴费)成功|成功(?:入账|存入|缴存)|(?:增值"
    r"|储值|加值)(?:已)?成功|(?:成功|已)(?:增值|储值|加值)"
)

_DONE = (
    r"(?:confirmed|success(?:ful(?:ly)?)?)[:,! ]{1,3}[^.!]{0,20}\b(?:top[- ]?up|recharge|reload|refill)\b|(?:recharge"
    r"|top[- ]?up|refill|reload|topup|payment|load)[^.!]{0,50}(?:success\w*|completed|received|done"
    r"|accepted|credited|confirmed)|success\w*[^.!]{0,12}(?:recharged?|topped|top-?up|refilled|loaded|reload\w*"
    r"|credited|topup)|(?:rs[.·]?\s?|₹|inr\s?)[\d.,·]{1,8}(?:/-)?\s(?:has been )?(?:recharged|credited to your)"
    r"|refilled|\b(?:is|was) (?:successfully )?recharged\b|been (?:recharged|topped up|credited (?:with|by))"
    r"|you(?:'ve| have) (?:successfully )?(?:recharged"
    r"|topped up|been credited)"
    r"|(?:has|have) been (?:added|credited|loaded) (?:to|on|onto|in|into) your (?:\w{1,12} ){0,3}(?:account"
    r"|balance|credit"
    r"|airtime|line)|you "
    r"have received [^.]{0,24}(?:airtime|credit|load)|(?:recharge|top-?up|refill"
    r"|reload) (?:of [^.]{1,20} )?(?:was|is|has been) (?:processed|completed|received|applied)\b"
    r"|thank(?:s| you) for (?:your )?(?:recharg\w*|top\w*|payment|the "
    r"payment)|we(?:'ve| have) received your (?:[^.\s]{1,8} )?(?:payment|top-?up|recharge)"
    r"|top-up of [^.]{0,20}(?:was|is|has)|loaded with"
    r"|(?:airtime|credit|load)\s(?:has been |was )?(?:loaded|recharged|purchased)"
    r"|you(?:'ve| have) been loaded|\bloaded (?:with )?(?:p|php|₱)?\s?\d"
    r"|(?:счет|баланс|номер)[^.]{0,24}пополнен\w*|зачислен\w*|пополнение[^.]{0,24}(?:успеш\w*|выполнен\w*|прошло"
    r"|получен\w*)"
    r"|платеж[^.]{0,30}(?:принят|зачислен|получен)|поповнен(?:о|ий|а)\b|popolnen\w*|zachislen\w*"
    r"|platezh[^.]{0,20}(?:prinyat"
    r"|zachislen)"
    r"|(?:wurde|erfolgreich|ist)[^.]{0,30}(?:aufgeladen|gutgeschrieben)|aufladung[^.]{0,30}(?:\bok\b|erfolgreich"
    r"|gutgeschrieben)|(?:recarga|recargaste)[^.]{0,30}(?:exitosa|realizada|con exito|efetuada|sucesso|confirmada)"
    r"|(?:has|se ha|hemos) (?:recargado|recibido tu recarga)|recargaste|vous avez recharge\b"
    r"|telah ditambah ke akaun|telah menambah nilai|telah masuk ke nomor|recibiste una recarga|(?:compte|ligne"
    r"|credit)[^.]{0,25}(?:ete )?(?:recharge|credite)e?\b|rechargement[^.]{0,20}(?:reussi|effectue)|recarga de "
    r"[^.]{0,20}(?:recebid|efetuad|realizad)\w*"
    r"|ricarica[^.]{0,24}(?:effettuata|riuscita|andata a buon fine|eseguita)|opgewaardeerd"
    r"|opwaardering[^.]{0,20}(?:gelukt|geslaagd)|(?:konto|numer)[^.]{0,30}(?:doladowan\w*|zasilon\w*)"
    r"|doladowanie[^.]{0,20}(?:przyj\w*|zrealizowan\w*|udane)|isi ulang[^.]{0,40}(?:berhasil|sukses|telah)"
    r"|(?:berhasil|telah) (?:isi ulang|mengisi|diisi)|pengisian[^.]{0,30}berhasil|pulsa[^.]{0,24}(?:berhasil|telah "
    r"(?:di)?(?:isi|tambah))\w*|(?:top ?-?up|reload|tambah nilai|isi semula|bayaran)[^.]{0,30}(?<!tidak )berjaya"
    r"|(?:basariyla )?yuklen(?:di|mistir)|yukleme[^.]{0,20}basari\w*|nap (?:thanh cong|the thanh cong|tien thanh "
    r"cong)|duoc nap|(?:kredit|konto)[^.]{0,20}(?:dobit[aoy]|(?:byl|bol) dobit|navysen\w*)"
    r"|dobiti[^.]{0,30}(?:uspes|proveden|probehl)\w*"
    r"|reincarc\w*[^.]{0,20}(?:succes|reusit)\w*"
    r"|sikeres(?:en)? (?:feltolt\w*|egyenleg\w*)|umeongeza|umepokea|(?:recarga|pago)[^.]{0,20}(?:aplicad|acreditad"
    r"|abonad|creditad)\w+|(?:recharge|rechargement)[^.]{0,20}(?:pris en compte|credite\w*|effectuee?|reussie?)"
    r"|ricarica[^.]{0,20}(?:avvenuta|accreditata)|doladowano|opwaardering[^.]{0,16}verwerkt|(?:da|vua) nap"
    r"|da duoc cong|(?:tl|kontor)[^.]{0,12}(?:yukledi\w*|yuklendi)|alimentat cu succes|danke fur (?:ihre"
    r"|deine) aufladung"
)

_FAILED_ZH = (
    r"(?:充值|缴费|缴纳|交费|续费|扣款|代扣|扣费|扣缴|扣取|扣收)[^,。;]{0,12}(?:失败|未通过|不通过|未成功|不成功|未能成功|异常|被拒)"
    r"|(?:订购|办理|购买|续订|开通|扣费)[^。;]{0,20}(?:失败|未成功|不成功|未能成功)(?=[^。;]{0,16}(?:余额|话费)不足)"
    r"|(?:余额|话费|账户)[^,。;]{0,4}不足[^。;]{0,16}(?:扣款|扣费|扣取|扣收|订购|办理|续订|续费)[^。;]{0,8}(?:失败"
    r"|未成功|不成功|未能)"
    r"|未能(?:成功)?(?:充值|缴费|扣款|扣费|扣取|扣收|续费|续订)|(?:充值卡|卡密)[^,。;]{0,10}(?:无效|错误|已使用"
    r"|已被使用|不正确|有误)"
)

_FAILED = (
    r"(?:recharge|top[- ]?up|refill|reload|payment|topup|voucher|scratch card|renewal)[^.]{0,50}(?:fail\w*"
    r"|unsuccessful|declined|not successful|could not be|couldn't be|rejected|cannot be processed"
    r"|was not (?!received)|invalid"
    r"|already (?:been )?used|did(?: not|n't) (?:go|work|complete))|(?:unable|failed|couldn't"
    r"|could not) to (?:process (?:your )?)?(?:recharge"
    r"|top|renew|refill|payment|auto)|invalid (?:voucher|recharge|pin|scratch)|(?:voucher|card "
    r"number)[^.]{0,20}(?:invalid|not valid|incorrect)"
    r"|(?:платеж|пополнение)[^.]{0,30}(?:не (?:выполнен|прошел|принят|удал\w*)|отклонен\w*)"
    r"|auto-?\s?(?:pay|renew\w*|top-?up|refill|recharge)[^.]{0,50}(?:fail\w*|declined|unsuccess\w*|not successful)"
    r"|(?:couldn't|could not|unable to|weren't able to|can't|cannot) (?:take|collect|process|charge|renew)(?: your"
    r"| the)?(?: \w+)? ?(?:payment|plan|bundle|pack)\b"
    r"|nao foi possivel renovar|no (?:fue posible|pudimos|se pudo) renovar|impossible de renouveler"
    r"|non e'? ?stato possibile rinnovare"
    r"|nie udalo sie odnowic|nepodarilo se obnovit|не удалось (?:продлить|списать)"
    r"|non (?:si )?e?'? ?(?:stat\w )?rinnovat\w|no se (?:ha |pudo )?renov\w+|nao foi renovad\w|n'a pas (?:pu )?(?:ete "
    r"|etre )?renouvel\w+"
    r"|(?:renouvellement|souscription|rechargement)[^.]{0,50} n[' ]a pas (?:pu )?(?:ete |etre )?"
    r"|nie zostal\w? (?:odnowion|przedluzon)\w+|(?:was|could) not (?:be )?renewed|gagal diperpanjang|yenilenemedi"
    r"|не (?:продлен|продлена|подключен)\w*"
    r"|nicht (?:verlangert|verlaengert|erneuert|gebucht) werden|aufladung[^.]{0,40}(?:fehlgeschlagen|nicht (?:moglich"
    r"|erfolgreich))|recarga[^.]{0,30}(?:fallid\w*|rechazad\w*"
    r"|no (?:se )?(?:pudo|fue|ha)|nao (?:foi|pode)|recusad\w*|fracas\w*)|(?:rechargement"
    r"|recharge)[^.]{0,30}(?:echou\w*|echec|refuse\w*|impossible|n'a pas)|ricarica[^.]{0,30}(?:non (?:riuscita|e)"
    r"|fallita|rifiutata)|(?:opwaarder\w*)[^.]{0,20}(?:mislukt|niet)"
    r"|doladowani\w*[^.]{0,30}(?:nie|odrzuc\w*)|(?:isi ulang|pengisian|transaksi)[^.]{0,40}(?:gagal|tidak berhasil)"
    r"|(?:perpanjangan|pembelian|aktivasi)[^.]{0,40}\bgagal|(?:tambah nilai|bayaran|reload)[^.]{0,30}tidak berjaya"
    r"|gagal[^.]{0,20}(?:isi ulang|isi pulsa)|yukleme[^.]{0,20}(?:basarisiz|gerceklestirilemedi)"
    r"|nap[^.]{0,20}(?:khong thanh cong|that bai)"
)

_CHANGED_ZH = (
    r"(?<!状态:)(?<!状态)(?:已|已经|已为您|成功|已成功)(?:为您|成功|被[^,。;]{1,16})?(?:办理|订购|开通|变更|取消|退订"
    r"|加入|退出|生效"
    r"|续订|更改|更换|定购|添加|激活|关闭|升级|调整|加入[^,。;]{0,8}群组)(?!后|的?(?:用户|客户)|请|服务密码|金额"
    r"|短信)|(?:办理|订购|开通|变更|取消|退订|续订|激活|退订)(?:业务)?(?:已)?成功(?!率)|(?:套餐|变更|订购|退订|更换"
    r"|资费)[^,。;]{0,12}(?:已(?:成功)?受理|受理成功)"
    r"|(?:流量包|加油包)[^,。;]{0,6}已到账|(?:套餐|资费|流量包|产品|业务)[^,。;]{0,16}(?:已生效|已变更|变更为|更改为"
    r"|已调整|已更换|已激活|已取消|已退订"
    r"|已开通|已办理)|您(?:已)?(?:订购|办理|开通|申请|定购)的[^。;]{0,30}(?:已成功|已办理|已开通|已受理|成功)"
    r"|您(?:已)?被[^,。;]{1,24}加入|(?:移出|退出)[^,。;]{0,10}共享"
    r"|(?:套餐|资费|产品|业务)[^,。;:]{0,16}将?于[^,。;]{1,16}(?:起)?(?:生效|执行|启用)|(?:将|由"
    r"|从)[^,。;]{2,24}(?:变更|更改|调整|转换|更换|改|换|自动转|降[级档])为(?!\d)|已(?:自动|为您自动)续[订约]"
    r"|(?:[下次]个?月|\d月(?:\d{1,2}[日号])?)(?:1[日号])?(?:零点|0[点时])?(?:起|开始)?,?将?(?:为您)?(?:自动)?"
    r"(?:变更|更改|调整|转换|更换|切换|改|换|转|降[级档]?|升级)[为至到成](?!\d)"
    r"|(?:流量|加油|叠加|[日月年])包(?:\([^)]{1,20}\))?已受理|您新?[办订购买通]{1,2}的[^。;]{0,30}起生效"
    r"|已完成(?:激活|变更|开户)|已于[^,。;]{4,20}(?:生效|激活|开通)|(?:已成功|已为您|成功|已)(?:转为|改为|转成|换成"
    r"|换为|升级为|降为"
    r"|切换[为至到])|(?:包|套餐|卡)[^。;]{0,30},?已即时生效"
)

_CHANGED = (
    r"(?:plan|pack|package|bundle|tariff|subscription|data|offer|boost|add-?on)\b[^.!?]{0,50}(?:has been |have been "
    r"|is now |was |is |now |are now )?(?:activated|renewed|changed|switched|subscribed|active\b(?! until| till| "
    r"through)|purchased|cancelled"
    r"|canceled|deactivated (?:on|as) your request)|you(?:'ve| have)? (?:are |been )?(?:now |successfully "
    r")?(?:subscribed|activated|purchased|bought|unsubscribed|migrated|switched)|success\w* (?:subscribed|activated"
    r"|purchased|bought|renewed|unsubscribed|changed)|(?:activation|subscription|purchase) (?:of [^.]{1,40} )?(?:was "
    r"|is )?success\w*|welcome to the new plan|gestopt met deze bundel"
    r"|(?:подключен\w*|активирован\w*|изменен\w*|подключена) (?:к )?(?:услуг\w|тариф\w*|пакет\w*|опци\w)|(?:услуга"
    r"|тариф"
    r"|пакет|опция)[^.!?]{0,50}(?:подключен\w*|активирован\w*|изменен\w*|отключен\w* по|продлен\w*)|(?:послуга|пакет"
    r"|тариф)[^.]{0,40}(?:підключено|активовано|змінено)|podklyuchen\w*"
    r"|(?:option|tarif|paket|datenpaket|flat)[^.]{0,50}(?:wurde|ist|erfolgreich)[^.]{0,20}(?:aktiviert|gebucht"
    r"|geandert|verlangert|gewechselt|aktiv\b)|(?:paquete|plan|bono|pacote)[^.]{0,40}(?:activado|activo\b|renovado"
    r"|contratado|ativado|ativo\b|ha cambiado)|(?:forfait|option|pass|offre)[^.]{0,40}(?:active\b|activee?"
    r"|souscrit\w*|renouvele\w*)|(?:offerta|opzione)[^.]{0,40}(?:attivat\w*|rinnovat\w*|attiva\b)"
    r"|(?:bundel|abonnement)[^.]{0,30}(?:geactiveerd|actief|verlengd|gewijzigd|stopgezet)|(?:pakiet|usluga|oferta"
    r"|taryfa)[^.]{0,40}(?:aktywowan\w*|wlaczon\w*|odnowion\w*|zmienion\w*|aktywn\w*)|paket[^.]{0,110}(?:telah|tlh"
    r"|sudah|berhasil|sdh)[^.]{0,16}(?:diaktifkan|aktif|diperpanjang|dibeli|terdaftar|dihentikan)|(?:langgan\w*"
    r"|pembelian)[^.]{0,50}(?:berhasil|sukses|berjaya)|paketiniz[^.]{0,30}(?:aktif\w*|tanimlan\w*|yenilen\w*"
    r"|baslat\w*)|(?:dang ky|gia han)[^.]{0,24}(?:thanh cong|goi)[^.]{0,16}(?:thanh cong)?"
    r"|balik\w*[^.]{0,24}aktivovan\w*|(?:telah|sudah|berhasil|sdh) (?:membeli|berlangganan|mengaktifkan|mendaftar"
    r"|membuka)(?=[^.!]{0,40}\b(?:paket|kuota|internet|data|\d+ ?[mg]b))|anda telah (?:dilanggan|berjaya melanggan)"
    r"|(?:offre|forfait|pass|option|souscription|activation|achat)[^.]{0,40}(?:effectue|reussi|active)\w*"
    r"|you have received \d[\d.·]{0,5} ?[mg]b\b"
    r"|\b(?:kuota|tambahan)[^.]{0,40}(?:telah|tlh|sudah|sdh) (?:diaktifkan|aktif|ditambahkan)"
)

_EXPIRING_ZH = (
    r"(?:套餐|流量|卡|号码|服务|账户|话费|余额|有效期|流量包|业务|资费|网卡|[日月季年]包|合约)[^。;!]{0,40}(?:到期(?!时间|日|:|后)|已过期"
    r"|期满|届满|已失效|将失效|将过期|已过[^,。;]{0,4}有效期|有效期[^,。;]{0,2}(?:已过|届满|已届满)|有效期[^,。;]{0,20}(?:截止|终止)"
    r"|超过有效期)|(?:将于|即将|将在|已于"
    r"|已)[^,。;]{0,20}(?:到期|过期|失效|期满|届满)"
)

_EXPIRING = (
    r"(?:has|have|is|are|was|will|gets?|about to|due to|going to)\s(?:now |just |be )?(?:expir\w{1,4}|ends?\b"
    r"|ending)|\bsamapt (?:hone wal[aie]|ho (?:ga(?:ya|i|ye)|raha|jaye?ga))"
    r"|\bends (?:on|in|today|tomorrow)\b|expires?\b(?! if)|expired\b|expiring\b|(?:validity|plan|pack"
    r"|bundle)\s(?:has )?(?:ended|ends|is over)"
    r"|(?:срок\w* действия|действие)[^.]{0,50}(?:истек\w*|законч\w*|заканчива\w*)|истек(?:ает|ает|ла|ло)\b"
    r"|lauft[^.]{0,30}\bab\b|abgelaufen|(?:vence|vencera|vencio|caduca|caduco|expira|expirou|expirara|expirado"
    r"|vencido|venceu|vencera|scade|scadra|scaduto|scaduta|verloopt|verlopen|expire|expirera|a expire|wygasa"
    r"|wygasnie|wygasl\w*|stracil\w* waznosc|traci waznosc)\b"
    r"|akan (?:segera )?(?:berakhir|habis masa|expired)|(?:telah|sudah) (?:berakhir|expired|habis masa)|masa "
    r"aktif[^.]{0,30}(?:berakhir|habis|akan habis)|suresi[^.!]{0,30}(?:dol(?:uyor|du|acak)|bit(?:iyor|ti|ecek))"
    r"|sona er\w*|het han"
    r"|sap het han|vyprsi|expira\b|lejar\b|utgar|utloper|udlober|utlober|endet\b|lauft aus|prend fin|se termine\b"
    r"|arrive a (?:expiration|echeance)|termina(?:ra)?\b|finaliza(?:ra)?\b"
    r"|in scadenza|eindigt|loopt af|konczy sie|skonczy sie|завершается|спливає|закінчується|tamat\b|luput\b"
    r"|ket thuc\b|bitiyor|doluyor|sona eriyor"
)

_SPENT_ZH = (
    r"(?:流量|套餐|额度|数据|[gm]b?)[^,。;]{0,12}(?:已|已经|均已|已全部)(?:于[^,。;]{1,12})?(?:全部)?(?:用完|用尽"
    r"|使用完|耗尽|用光|耗光|耗完|用罄|全部使用"
    r"|使用完毕)(?!后)|流量[^,。;]{0,4}(?:已无剩余|无剩余|已无)|(?<!尚)(?<!并)(?:无|没有)(?:剩余|可用)(?:的)?流量|(?:套餐|可用|通用"
    r"|国内)流量为0(?![.\d])|剩余流量为?0(?![.\d])"
    r"|您的[^,。;]{0,10}流量用[完尽光](?=[,。;!](?!不|可|即|将|后))|流量共?[\d.]{1,8}[kmgt]b?,(?:现|均)?已(?:全部)?用[完尽]"
    r"|流量[^,。;将如若]{0,3}(?:全部|均)用(?:完|尽|光)"
    r"|已(?:用完|用尽|耗尽"
    r"|使用完毕)[^,。;]{0,10}(?:流量|套餐)"
)

_SPENT = (
    r"(?:data|quota|allowance|bundle|mb|gb|internet|volume|pack)\b[^.]{0,40}(?:is |has |have |been |are |was |fully "
    r"|completely |now |all )+(?:used up|exhausted|depleted|finished|over\b|consumed|run out)"
    r"|(?:fup|daily|data) (?:limit|quota)[^.]{0,16}\bover\b"
    r"|(?:used|consumed|exhausted|finished|depleted) (?:up )?(?:all"
    r"|100 ?%) (?:of )?|(?:have|'ve) (?:now |fully |completely |just )?(?:exhausted|used up|finished"
    r"|depleted) (?:all )?(?:of )?your\b|(?:run|ran|(?:is|are|be|'re"
    r"|'ve run)(?: now)?) out of (?:your )?(?:[\w-]+ ){0,2}data"
    r"|no (?:more )?data left"
    r"|100 ?% (?:of )?(?:your "
    r"|daily |high[- ]speed |the )*(?:\w+ )?(?:data|quota|internet)[^.]{0,30}(?:used|consumed|exhausted)"
    r"|(?:трафик|пакет|интернет)[^.]{0,30}(?:исчерпан\w*|израсходован\w* полностью|закончил\w*)|(?:datenvolumen"
    r"|highspeed-?volumen|inklusivvolumen)[^.]{0,30}(?:aufgebraucht|verbraucht|erreicht)|(?:datos|megas|gb|paquete"
    r"|bono)[^.]{0,24}(?:agotad\w*|se han? (?:agotado|terminado|acabado)|has consumido (?:todos|el 100))"
    r"|agotado (?:los|tus|el|todos)\b|(?:internet"
    r"|dados|pacote|franquia)[^.]{0,20}(?:acabou|esgotad\w*)|(?:forfait|volume|enveloppe"
    r"|internet)[^.]{0,24}(?:epuisee?|entierement "
    r"consomme)"
    r"|esaurito (?:i|tutti i) (?:giga|dati|mb)|(?:giga|dati|traffico)[^.]{0,24}(?:esaurit\w*|terminat\w*|finit\w*)"
    r"|(?:kuota|paket data"
    r"|internet|data|kuota utama)[^.]{0,20}(?:sudah|udah|telah|tlh|sdh|anda) ?(?:telah |sudah )?(?:ha|a)bis"
    r"|(?:menggunakan|memakai|menghabiskan) (?:seluruh|semua|keseluruhan) (?:kuota|data)|(?:pakiet|limit"
    r"|transfer)[^.]{0,24}(?:wykorzystany|wyczerpan\w*|wykorzystan[oa]? w calosci)|(?:kotaniz|internetiniz"
    r"|paketiniz\w*)[^.]{0,16}(?:tamam(?:i kullanil|ini (?:kullandi|tuket))\w*|bitti|tukendi|dolmustur|bitmistir)"
    r"|(?:databundel|mb's"
    r"|data)[^.]{0,16}(?:is )?(?:op\b"
    r"|opgebruikt)|(?:da|vua) (?:su dung )?het (?:\w+ ){0,3}(?:data|dung luong|luu luong)|het dung luong|(?:vycerpan"
    r"|vycerpal)\w*"
)

_TABLES: Mapping[str, str] = {
    "suspended": f"{_CUT_ZH}|{_CUT}",
    "arrears": f"{_WARN_ZH}|{_WARN}",
    "topup_failed": f"{_FAILED_ZH}|{_FAILED}",
    "topup_ok": f"{_DONE_ZH}|{_DONE}",
    "plan_change": f"{_CHANGED_ZH}|{_CHANGED}",
    "expiring": f"{_EXPIRING_ZH}|{_EXPIRING}",
    "exhausted": f"{_SPENT_ZH}|{_SPENT}",
}

PATTERNS = {
    kind: re.compile(
        rf"{one}|{scripts.SIGNALS[kind]}"
        rf"|(?<![^\W\d_])(?:{smaller.SIGNALS[kind]}|{european.SIGNALS[kind]})"
    )
    for kind, one in _TABLES.items()
}

MOBILE = (
    r"\b(?:sim|line|number|services?|mobile|data|outgoing|incoming|plan|pack|internet|network|nomor|kartu|linea"
    r"|numero|ligne|rufnummer|karte|anschluss|simkarte|linha|numer|karta|hat\w*|recharge|thue bao|so|abonnement|talian"
    r"|dich vu|" + smaller.LINES + "|" + european.LINES + r")\b"
    r"|simkaart|sim-?kaart|услуг|номер|интернет|связ|сим|доступ|трафик|послуг|зв'язк|layanan|servic\w*"
    r"|uslug" + european.CALLS
)

DOUBT = re.compile(
    r"须知|以便|便于|请先|指引|流程|避免|以免|免于|防止|如果|如您|如已|如(?=欠|余|停|账|发|遇|需|流|您|手)|若|可能|倘"
    r"|一旦|为防"
    r"|即可|后(?:即|可|将"
    r"|方)|才能|(?:可|会)被|方可|能否|是否|未来|不会|尚未|请勿|防范|或(?=停|被|暂|已)|多久|怎么|如何|需在|时将|用完后"
    r"|逾期(?!已)|否则|超出后|到期后|用尽后|过期后"
    r"|才可|规则|[?]"
    r"|\b(?:i(?! (?:gb|mb|giga|dati|tuoi)\b)|to avoid|avoid|prevent"
    r"|may|might|if|would|could be|unless|in case|once(?![- ]off)|when|before|otherwise"
    r"|so that"
    r"|(?:don't|do not)(?! have (?:enough|sufficient|any))|not been|to get|how|want|need to|should|can be|hindari"
    r"|agar|de (?:dang ky|gia han)|jika|bila|kalau|supaya|evitar|evita"
    r"|para no|si|eviter|(?<!-)se(?! (?:te |le )?(?:ha |han )?(?:bi\b|het\b|tam\b|agot|acab|termin|consum|renov"
    r"|recarg|activ|realiz|suspend"
    r"|bloque|encuentra|acredit(?:o|aron)|abon(?:o|aron)|complet(?:o|ado)))|falls|wenn|damit|um"
    r"|nie(?! (?:odnotowal|otrzymal|zaksiegowal))|aby|jesli|chtoby|als|olmamasi|ne(?=\s?zablok))\b|чтобы|если"
    r"|при\b|во избежание|щоб|якщо|\bне (?=заблок|приост)"
    r"|" + roots_scripts.DOUBT
)

FUTURE = re.compile(
    r"将(?!卡|您|手机卡|设备|sim|其)|即将|会(?:被)?(?=停|暂|关)|\b(?:will|shall|going to|soon|about to|akan|wird"
    r"|werden|sera|seran|seront|sara|verra|verranno|zostanie|zal|wordt"
    r"|(?<!-)se(?! (?:te |le )?(?:ha |han )?(?:agot|acab|termin|consum|encuentra|acredit(?:o|aron)|abon(?:o"
    r"|aron)|renov)))\b|будет|буде\b|будут|vai ser|va a ser"
    r"|edilecek|\bse (?:bi|het|tam)\b|" + roots_scripts.FUTURE
)
