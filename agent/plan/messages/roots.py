"""Roots of what carriers speak of and of what becomes of it, by language; `compose` puts them together. Tables.

In plain form (normal.folded). An entry is the beginning of a word, or a phrase ("_" is its space); a word goes on
freely behind it, unless it ends in ".", which ends the word. Nothing here is any carrier's phrase: a root stands for a
whole family of wordings.
"""

from collections.abc import Mapping
from typing import Literal

Thing = Literal["line", "data", "plan", "paying", "money", "ordering", "bill"]
State = Literal["cut", "spent", "ended", "changed", "failed", "done", "owed", "filled"]

THINGS: Mapping[Thing, str] = {
    "line": """
        sim. simcard sim-card esim line. number. service connection network outgoing incoming
        karte simkarte anschluss rufnummer dienst ligne carte_sim numero linea servicio chip. linha servico servizi
        utenza
        nummer verbinding numer karta usluga linia cislo sluzb szam. szama kartya szolgaltatas numar cartela servici
        номер сим услуг связ линия доступ послуг абонент hat. hattin nomor kartu layanan talian perkhidmatan thue_bao
        abonnemang laini namba kartic linij broj uslug numri nr. liittym""",
    "data": """
        data. internet gb mb datenvolumen volumen daten highspeed datos megas gigas giga. navega dados franquia dati
        traffico enveloppe go. mo. transfer dane. danych objem adat netkeret trafic trafik kota kuota dung_luong
        luu_luong
        интернет трафик гб мб дани пакет surf bundle allowance quota inklusiv fup""",
    "plan": """
        plan. plans pack package bundle pass. boost add-on addon tariff tarif paket option. forfait
        offre paquete bono. tarifa suscripcion combo pacote plano assinatura offert opzione promo piano bundel
        pakiet ofert taryf balicek program csomag abonament pachet optiune extraoptiune тариф пакет опци  paketi
        pelan pakej goi. goi_cuoc kifurushi paketti pakke goodybag prepaid_plan credit. balance. validity guthaben
        konto
        saldo. service. servic услуг flatrate flat.""",
    "paying": """
        payment top-up top_up topup recharge refill reload autopay auto-pay auto-renew renewal voucher direct_debit
        card_charge load. aufladung zahlung abbuchung lastschrift verlangerung bezahlung rechargement paiement
        prelevement
        renouvellement recarga pago. cobro carga. renovacion pagamento carregamento renovacao debito ricarica addebito
        rinnovo opwaarder betaling incasso verlenging doladowani platnosc zasileni odnowieni dobit platb obnoven
        feltoltes
        fizetes reincarcare plata. платеж пополнени оплат списани продлени поповнен yukleme odeme yenileme isi_ulang
        pengisian pembayaran perpanjangan tambah_nilai bayaran nap. nap_tien thanh_toan gia_han uplat dopun
        nadoplat""",
    "money": """
        credit. balance airtime account talktime load. main_balance guthaben konto kontostand solde compte saldo
        cuenta
        credito conta conto tegoed stan_konta srodk kredit ucet ucte egyenleg sold soldul cont. contul счет баланс
        средств
        рахун кошт bakiye hesab kontor pulsa baki. akaun salio tk. tai_khoan racun stanje""",
    "bill": """
        *rechnung factuur facture fattura factura fatura faktur bolletta boleta рахунок-факт vyuctovani faktura
        szamla arve regning lasku счет-факт λογαριασμ сметка""",
}

STATES: Mapping[State, str] = {
    "cut": """
        suspended blocked barred deactivated disconnected restricted terminated switched_off cut_off stopped paused
        disabled
        on_hold no_longer_in_service locked inactive gesperrt deaktiviert abgeschaltet stillgelegt eingeschrankt
        unterbrochen bloque coupe desactivad desactive. desactivee interromp
        interrupted inhabilit cortad dado_de_baja inactiv restring suspens
        bloquead inativ sospes bloccat disattivat cessat geblokkeerd afgesloten uitgeschakeld opgeschort zablokowan
        zawieszon wylaczon odlaczon ograniczon zablokovan pozastaven odpojen omezen letilt felfuggeszt kikapcsol
        korlatoz
        blocat dezactivat deconectat приостановл заблокир отключ ограничен прекращ призупин вимкнен обмеж kapatil
        askiya kisitlan durdurul engellen diblokir dinonaktifkan dihentikan terblokir digantung disekat bi_khoa
        tam_khoa
        tam_ngung bi_chan iskljucen blokiran fungwa simamishwa""",
    "spent": """
        used_up all_used exhausted depleted ran_out run_out out_of finished. fully_used no_data consumed_all gone.
        aufgebraucht verbraucht erschopft epuise entierement agot acab se_termin esgot termin esaurit finit terminat
        op. opgebruikt volledig_verbruikt wykorzystan wyczerpan zuzyt skonczyl vycerpan spotrebovan doslo elfogyott
        kimerul
        elhasznalt epuizat исчерп закончил израсход вичерпа скинчил bitti bitmis tukendi tukenmis dolmus sudah_habis
        telah_habis het.
        potrosen iskoristen kimekwisha imeisha""",
    "ended": """
        expire. expired expires expiring ended. ends. lapse ran_out no_longer_valid come_to_an_end came_to_an_end
        is_up. are_up. renews renew_on
        running_out will_run_out rinnova. renouvelle. erneuert_sich abgelaufen ablauft lauft laeuft
        endet. endete geendet expirera expiro. expira. expiran expirad expirou expirat echu. perime prend_fin
        a_pris_fin vencio vence. vencera vencid caduc finaliz
        termina. termino. venceu encerr scad verlop afgelopen eindig wygas konczy skonczy uplyn vypr konci. skonc
        lejar
        megszun inceta истек истеч заканчив закончил оконч завершен закинч dolacak doldu. dolmus dolmak sona_er
        bitecek
        bitiyor bitti. berakhir kedaluwarsa kadaluarsa tamat. luput. het_han istek istic kitaisha utaisha""",
    "changed": """
        activated now_active is_active sudah_aktif telah_aktif ist_aktiv renewed renews_today purchased bought changed
        switched subscribed enrolled upgraded downgraded cancelled canceled started se_renovo
        aktiviert gebucht verlangert gewechselt gekundigt erneuert geandert activee renouvel souscri resilie modifie
        activo. activad renovad contratad cambiad suscri cancelad actualizad ativad alterad migrad attivat rinnovat
        cambiat geactiveerd verlengd gewijzigd opgezegd aktywowan odnowion przedluzon zmienion wlaczon aktivovan
        obnoven
        zmenen aktival megujul modosit activat. activata reinnoit
        modificat подключен подключил активирован продлен изменен сменен змінен
        etkinlesti aktif_edil yenilendi tanimlan telah_diaktifkan sudah_diaktifkan telah_diperpanjang
        berhasil_diperpanjang sudah_diperpanjang telah_terdaftar
        berhasil_diaktifkan telah_diperbarui
        dang_ky_thanh_cong kich_hoat gia_han_thanh_cong produzen obnovljen aktiviran""",
    "failed": """
        fail declin unsuccess reject could_not couldn't unable not_successful not_processed not_be_processed cannot_be
        not_go_through didn't_go_through invalid not_completed error fehlgeschlagen nicht_moglich nicht_erfolgreich
        abgelehnt
        gescheitert nicht_durchgefuhrt nicht_ausgefuhrt konnte_nicht konnten_nicht echou echec refus rejet n'a_pas
        n'a_pu
        impossible fallo. fallid fallad rechazad no_se_pudo no_pudo no_fue no_ha_podido no_se_ha_podido
        no_hemos_podido
        no_proceso falhou recusad nao_foi nao_pode nao_conseguimos negad fallit rifiutat respint non_e. non_e'
        non_riuscit mislukt geweigerd niet_gelukt nieudan odrzucon nie_powiod nie_udal nie_zostal neuspes zamitnut
        odmitnut nezdaril neprobehl sikertelen elutasit nem_sikerult esuat respins nu_a_ не_выполнен не_прош не_удал
        не_принят
        не_провед не_списан отклон отказ неуспешн не_вдал basarisiz gerceklestirilemed reddedildi alinamad yapilamad
        edilemed gagal. ditolak tidak_dapat_diproses tidak_bisa_diproses tidak_dapat_diperpanjang tidak_berhasil
        tidak_berjaya that_bai khong_thanh_cong bi_tu_choi nije_usp odbijen""",
    "done": """
        successful successfully done. ok. received. completed processed accepted confirmed applied. credited posted.
        went_through
        erfolgreich eingegangen erhalten gutgeschrieben reussi effectue pris_en_compte bien_recu enregistre valide.
        recu.
        exito recibid realizad acredit aplicad procesad abonad sucesso recebemos recebid efetuad efectuad confirmad
        creditad
        riuscit effettuat ricevut accreditat completat gelukt ontvangen geslaagd verwerkt bijgeschreven przyjet
        otrzymal
        zrealizowan zaksiegowan udane pomysln uspes prijat pripsan probehl sikeres megerkez jovair succes primit
        efectuat успеш принят зачисл получен выполнен basari alindi gerceklesti gerceklestirildi yuklendi berhasil
        sukses
        diterima berjaya thanh_cong da_nhan primljen zaprimljen""",
    "owed": """
        overdue unpaid past_due outstanding not_been_paid not_paid owe insufficient not_enough too_low is_low
        low_balance
        uberfallig offen. nicht_ausreich reicht_nicht zu_gering zu_niedrig nicht_bezahlt impaye insuffisan en_retard
        trop_faible pendiente_de_pago impag adeudas deuda insufic vencida em_atraso nao_paga em_aberto em_debito
        non_pagat
        scoperto arretrat onvoldoende te_laag openstaand niezaplac zalegl niewystarcz za_malo nezaplacen nedostat
        po_splatnosti kifizetetlen tartoz nem_elegend restant. neachit задолж долг недостат не_хватает заборг odenmem
        odenmedi borcu yetersiz. tunggakan belum_dibayar tidak_cukup tidak_mencukupi tertunggak khong_du
        chua_thanh_toan
        nedovoljn dugov low. no_longer_enough too_little sem. sin. kein. pas_assez plus_de non_basta""",
    "filled": """
        recharged topped_up topping_up loaded added credited refilled reloaded aufgeladen gutgeschrieben
        ete_recharge est_recharge rechargee
        credite. alimente. recargad recargaste acreditad abonad recarregad recarregou carregad ricaricat accreditat
        opgewaardeerd doladowan zasilon zasilil dobijen navysen feltoltve reincarcat alimentat пополнен зачислен
        поповнен
        зараховано yuklen yuklend eklen diisi ditambah mengisi duoc_nap da_nap dopunjen nadoplacen zasilone popolnen
        zachislen""",
}  # fmt: skip

ZH_THINGS: Mapping[Thing, str] = {
    "line": r"号码|手机|sim|[本该此]卡|的卡|物联网?卡|流量卡|卡[号片]|服务|业务|通[信讯话]|语音|呼出"
    r"|主叫|上网|网络|机具|终端|设备",
    "data": r"流量|数据|套餐量|套餐额度|套内",
    "plan": r"套餐|流量包|加油包|合约|资费|产品|[日月季年半]包|服务|[日月季年]卡|有效期|使用期|流量卡"
    r"|物联网?卡|g[日月年季]?包",
    "paying": r"充值|缴费|交费|续费|续期|扣费|扣款|扣缴|代扣|支付|付款|缴纳|年费|服务费|流量费|通[讯信]费|扣收",
    "ordering": r"订购|办理|续订|续约|开通|购买|加购",
    "money": r"余额|话费|账户|预存|资金",
}
ZH_STATES: Mapping[State, str] = {
    "cut": r"(?:已经?|被|遭|处于|进入|现|予以|目前)[^,。;将未]{0,10}?(?:停机|停用|停服|停卡|停网|断网"
    r"|断开|关停|封停|关闭"
    r"|限制|暂停|停止|锁定|冻结|注销|销户|销号|拆机|中断|禁用|屏蔽|管控|管停|封锁|单停|双停|保号)",
    "spent": r"(?:已经?|全部|均|被|就)[^,。;不未]{0,3}(?:用完|用尽|用光|用罄|用毕|耗光|耗完|耗尽|告罄|清空|见底)"
    r"|(?:已|到)达?(?![^,。;]{0,4}外)[^,。;]{0,4}(?:上限|封顶)",
    "ended": r"(?:已|于|将|即将|快要?|明日|今日|天后?|临近|刚刚|就要)[^,。;]{0,14}?(?:到期|过期|失效|届满"
    r"|期满|终止|到头)"
    r"|(?:到期|失效|届满|截止)(?:日期?|时间)?(?:为|是|:)",
    "changed": r"(?:已经?|成功)[^,。;未将]{0,8}?(?:变更|转为|改为|换为|生效|开通|订购|办理|激活|续订|续约|退订|取消"
    r"|启用|升级|切换|更换|叠加|加入|延长|顺延|恢复|复机|开机|解除)"
    r"|(?:变更|开通|订购|办理|激活|续订|续约|退订|取消|启用|升级|切换|更换|叠加|复机|开机"
    r"|恢复)[^,。;未]{0,4}(?:成功|完成)",
    "failed": r"失败|[未没不](?:能|有)?(?:成功|通过|完成|到账)|被拒|驳回|无法(?:完成|处理|扣)|未能|被?(?:撤销|退回)",
    "done": r"(?<![未没不否能])成功|(?<![未没后])到账|(?<!未)入账|(?<!未)已?完成|已(?:收到|支付|缴清"
    r"|充入)|收妥|已为您(?:充|缴)",
    "owed": r"欠费|欠款|透支|不足|逾期|未[缴交付]|待[缴交]|拖欠|为负|不够",
}
"""Chinese has no ends of words, and needs its mark of what is done (已, 被, 成功) beside the root."""
