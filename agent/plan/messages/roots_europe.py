"""More roots of Europe's languages, beside those of `roots`: what carriers there speak of, and what becomes of it.

In the same notation; "*" before an entry: it may stand inside a word too, as in "Mobilfunkanschluss", "internetbundel".
"""

from collections.abc import Mapping

from agent.plan.messages.roots import State, Thing

THINGS: Mapping[Thing, str] = {
    "line": """
        *anschluss *rufnummer mobilfunk *simkarte datenverbindung datendienst datennutzung aansluiting sim-kaart
        simkaart
        telefoonnummer mobiele telefonnummer telemovel cartao_sim tarjeta_sim appels. appel. llamadas datos_moviles
        chamadas chiamate traffico_in apeluri polaczeni transmisj swiadczeni hovor_ hovory volani отправк
        вызов звонк обслуживан дзвінк обслуговув номера сервіс карта_sim карты_sim нумар картк abonnement samtal
        utgaende
        puhelin liittyma numurs numeris kartele konekaart kone. telefoni σύνδεσ συνδεσ γραμμη αριθμο обаждан повикван
        elofizetes hivas kimeno odlazn dolazn poziv нөмір hattiniz_ numeru numaran""",
    "data": """
        *volumen *datavolume *databundel *internetbundel mb's megaby gigaby megabajt гігабайт гигабайт мегабайт інтернет
        ліміт лимит інтэрнэт трафік даних дані обсяг datenpaket *surfpaket surf. datamangd datapak data. andmemah
        duomen datu. internets interneta δεδομεν datalimit datove datovy_limit limit_dat data_z podatk megabyt mega.
        transfer_danych danych_ pakiet_gb limit_transfer tarifa_datos gb_de giga_ adatkeret adatforgalm dosstop""",
    "plan": """
        *tarif *option *paket *flatrate allnet *bundel *datenpass *pass_ tagespass reisepaket abonnement
        tarifario assinatura franquia creditos tarifa bono_ abonent балик тариф послуг πακετ προσφορ abonament_
        paka pakas pakalpojum paslaug plana. planas pakett teenus *pakke *paketet pakketti abonnemang fastpris тариф
        tarifen paketin тарып тарыф пакетин пакет kredita konto_ konta_ balik_ balicek balika тарифіңіз csomagj
        startguthaben *guthaben forfait pass. enveloppe пакета тарифа""",
    "paying": """
        *aufladung *auflade *abbuchung lastschrifteinzug opwaardering herlading herlaad herladen betaling carregament
        doladowuj doladowan kod_dolad wplat zasil автоплат автопополн пополн поповн платіж платеж оплат payement
        paiement
        recharge. rechargement ανανεωσ φορτισ πληρωμ pafyllning laddning betalning pafylling lading optankning lataus
        maksu papildin maksaj papildym mokej laadimi makse зареждан плащан polnjenj reincarc dobijen код_пополн
        код_поповн code_de_rech codigo_de_rec codice_di_ric opwaardeer ricaric feltoltokod""",
    "ordering": """
        buchung bestellung kundigung tarifwechsel optionswechsel changement_de changement_d souscription resiliation
        cambio_de contratacion activacion contratacao adesao ativacao attivazione cambio_off disattivazione aanvraag
        wijziging bestelling zlecen aktywacj zamowien подключени активаци отключени замовлен підключен активац
        activare dezactivare aktivac aktivalas megrendeles bestallning bestilling aktivering tilaus""",
    "money": """
        krediet belkrediet herlaadkrediet saldo_ prepaidkonto mobilfunkkonto handyguthaben *guthaben kontostand
        рахунк баланс кошти коштів счет счёт рахунак avoir credito. srodki konto_ konto. kontantkort υπολοιπ
        наличност салдо kontas sąskait saskait jaak kredita kredit_""",
}

STATES: Mapping[State, str] = {
    "cut": """
        barrad blockiert блокированы блокирован. временно_недоступ тимчасово_недоступ в_добровольной_блок в_блокиров
        suspendu suspendid suspenso suspensa restreint restringid coupe. coupee dada_de_baja dado_de_baja nieaktywn
        zablokowalism ograniczylism zawiesilism wylaczylism zawiesilismy zablokowalismy припинен зупинен вимкнен
        заблоков обмежен призупинен заблак адключ абмежав спрян ограничен прекъснат διακοπ απενεργοπ αναστολ φραγ
        sparrat sparrad avstangt avstangd pausad sperret stengt spaerret afbrudt suljettu estetty atslegt blokets
        uzblokuot sustabdyt peatatud blokeeritud omezen omezeny vypnut преустан бұғатт тоқтат fuggeszt korlatoztuk
        iskljucen onemogucen izklopljen onemogocen kisitlan unterbrochen geblokkeerd uitgezet parcialmente_bloq
        kapatilmis resiliee zablokovan obmedzen""",
    "spent": """
        leer. erschoepft geheel_verbruikt helemaal_opgebruikt volledig_opgebruikt volledig_verbruikt helemaal_op.
        totalite_de consomme_la_total gasto_tod gastou_tod consumiu_tod usou_tod utilizou_tod esgotou acabou
        chegou_ao_fim
        sin_datos sin_megas sin_internet se_acab se_agot se_han_agot se_termin consumiste_tod has_consumido_tod
        gastaste_tod
        finiti. esauriti terminati consumato_tutt usato_tutt закінчив закінчен вичерпан вичерпал использовали_вес
        потратили_вес использован_полность использован_целик використали_ве використали_ус скончыў скончан
        таусыл tugadi bitdi iztere izliet beig beidz baigesi baigta isnaudo pasibaige otsas lopp εξαντλ изчерпа
        slut. brukt_opp brugt_hele brugt_al opbrugt kaytetty_loppuun loppu. consumat_tot consumat_integral elfogyott
        felhasznalta_telj wykorzystal_cal wykorzystano_cal wykorzystany_w wyczerpal sie_skoncz skonczyl_sie vycerpan_
        vycerpali_cel vycerpali_vs minuli_vs potrosili_sav potrosili_ste_sav porabili_vs porabili_ste_vs""",
    "ended": """
        verfallt verfaellt verlangert erneuert endet_ loopt verloopt vervalt verlengd renovara renueva renovar_
        se_renov renouvel echeance expiram expira_ encerra renova_ renovada_em renovado_em rinnover rinnovo rinnova
        reinnoi expira. обновит обновлен продлит завершит завершае завершую поновлен поновить спливає
        закінчу продовжит odnowi odnawi mija. straci traci skoncza beidz derig baigia galioj lopeb aegub gar_ut
        loper_ut utloper udlober lejar megujul vyprsi obnovi dolacak yenilen аяқтал bitir κανει ληγει ληξ ανανεων
        изтич подновя istice obnavlja potece""",
    "changed": """
        freigeschaltet gebucht_ umgestellt durchgefuhrt beendet toegevoegd gewijzigd stopgezet aangezet overgestapt
        effectif actif. resilie souscrit. cambiado activado ativada ativado contratado cancelou cancelado
        hai_attivato attiva. attivata aktywna. aktywny. aktywowalis zmienion wlaczylis wylaczen підключено підключен
        активовано активован змінено змінен поновлено відключено відключен замовили активувал продовжено продлен
        отключен подключен падключан зменен activata dezactivat aktivalt aktiverad aktiverat fornyad aktiveret aktivert
        fornyet aktivoitu pieslegt atslegt aktyvuot ijungt aktiveeritud активиран подновен променен активира produzen
        obnovljen nastaven ενεργοποι""",
    "failed": """
        nicht_geklappt konnte_leider_nicht konnten_leider_nicht konnte_nicht konnten_nicht ungultig ungueltig
        misgegaan niet_gelukt niet_verlengd niet_worden n'a_pas_pu n'a_pu incorrect errone refuse. rejete pas_valide
        no_es_valid no_se_ha_pod no_fue_posib nao_foi nao_aprovad nao_autorizad invalid incorrett non_e_andat non_e_stat
        non_valid nieprawidl odrzucon nie_powiodl nie_zostal nie_udal не_виконан не_вдал не_пройш не_поновл не_продовж
        відхилен введено_невірн невірн неверн не_выполн не_прошл не_удал не_продл отклонен отклонён ошибк nu_a_putut
        nu_a_reusit nu_a_fost nu_s-a_putut se_nezdaril se_nepodaril neprobehl zamitnut sikertelen nem_sikerult misslyck
        mislyk mislykt epaonnistui neizdev nepavyk ebaonn неуспешн απετυχ δεν_ολοκλ δεν_ηταν""",
    "done": """
        abgeschlossen doorgevoerd voltooid finalise uplacen eingegangen_ erfolgreich_ goed_ontvangen ontvangen_
        prise_en_compte bien_recu bien_ete_re bien_ete_eff
        correctamente exitosa exitoso acreditamos sucesso_ aprovad. confirmada realizad. zakonczon przyjel otrzymal
        przyjeta zrealizowan_ sukces успішн виконан зарахован надійш отриман одержан поступил получен проведен исполнен
        выполнен efectuata succes_ inregistrat probehlo probehla prijat. jovairt megerkezett genomford klar. gennemfort
        registrert onnistui izdev sekming gauta saabus onnestus успешн ολοκληρ επιτυχ папоўнен_ залічан""",
    "owed": """
        nicht_bezahlt nicht_beglichen unbezahlt uberfallig ueberfallig nicht_genug nicht_ausreich reicht_nicht
        niet_betaald nog_niet_betaald nog_niet_ontvangen openstaand te_weinig onvoldoende impayee impaye. reste_impay
        insuffisan faute_de_credit pendiente_de_pag impagad sin_pagar no_pagad insuficient nao_foi_paga por_pagar
        em_atraso_ em_aberto_ nao_identificamos_o_pag sem_saldo nie_odnotow zalegl nieoplacon niezaplacon
        za_malo brak_wystarcz niewystarcz нестач недостатн недостатк не_вистач бракує заборгован борг. долг_ долг.
        задолж не_хвата недастатк restant. neplatit neachit nu_ai_sufic nu_ai_destul nema_dostat nemate_dov neuhraz
        nezaplac po_splatn kifizetetlen nem_eleg obetald ubetalt forfallen maksamaton neapmaks nesumoket maksmata
        неплатен недостатъч οφειλ ανεξοφλ ανεπαρκ yetersiz_ odenmemis non_pagat insoluta scaduta_e non_risulta_pag
        risulta_non_pag non_saldat""",
}
"""States added to those of `roots`; what fits several kinds of message stands with the thing that decides."""
