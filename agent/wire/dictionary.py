"""The dictionaries that frames are deflated against, by number. One that has been released never changes: what a
terminal of today sends must be read by every later centre. A better one gets the next number.

Deflate finds what stands near the end cheapest, so the commonest words stand last. tests/wire holds the SHA-256.
"""

NEWEST = 1

_WORDS_1 = (
    # what a finding says, and the codes there are
    '"sim.wrong_terminal","sim.network_locked","sim.pin_required","sim.puk_required","sim.failure","sim.changed",'
    '"sim.absent","radio.off","port.missing","port.busy","port.forbidden","modem.silent","modem.garbled","modem.hot",'
    '"registration.emergency_only","registration.roaming","registration.searching","registration.denied",'
    '"data.not_subscribed","data.apn_rejected","data.auth_rejected","data.no_session","data.detached","data.barred",'
    '"link.no_address","link.no_route","link.elsewhere","link.down","dns.hijacked","dns.failed","internet.walled",'
    '"internet.unreachable","centre.credential","centre.unreachable","centre.refused","centre.tls","clock.wrong",'
    '"usage.abnormal","usage.elsewhere","agent.backlog","agent.storage","agent.budget","plan.suspended",'
    '"plan.balance_low","plan.running_out","plan.exhausted","plan.expiring","plan.expired","plan.stale",'
    '"signal.noisy","signal.none","signal.weak","unsure",'
    '"handshake","report","keep_alive","name","probe","by_purpose","sent","received","sms","days","due",'
    '"count","dropped","class","first_seq","last_seq","why","age","bytes","limit","text","source","carrier_sms","manual",'
    '"heard_at","fact","value","previous_iccid","issuer","China Mobile","China Unicom","China Telecom",'
    '"step","result","reason","stopped","clean":true,"clean":false,"agent":"0.1.0","boot_id":"","uptime_s":,'
    '{"code":"","previous":"ok","confidence":"high","since":1,"findings":[{"code":"","severity":"warning","root":true,'
    '"evidence":["AT+CEREG?: +CEREG: 0,1","AT+CSQ: +CSQ: ","confidence":"medium","severity":"error","root":false,'
    '"titles":{"zh":"","en":"The "}}],'
    # a whole heartbeat
    '{"next_due_s":900,"agent":"0.1.0","verdict":"ok","severity":"ok","iccid":"8986","imsi":"46000","imei":"86",'
    '"model":"EC20F","operator":"CMCC","CHN-UNICOM","CHN-CT","plmn":"46000","46001","46011","technology":"lte",'
    '"registration":"home","roaming","searching","denied","rssi_dbm":-67.0,"rsrp_dbm":-95.0,"quality":"good",'
    '"excellent","fair","poor","none","used_bytes":1,"own_bytes":1,"quota_bytes":31457280,"expires_on":"2026-12-31",'
    '"balance":"12.30","currency":"CNY","uptime_s":1,"boot_id":"'
    # what routine is made of, told as differences
    '[0,1,8,0,{"ago_s":{"~":[3540,-60,-60,-60,-60,-60]},"dbm":{"~":[-97,0,0,0,1,-1,2,-2,0,0,1,0,-1,0]},'
    '"on":[true,true,true,true,true]}]'
    '"next_due_s":,"verdict":"signal.weak","severity":"warning","quality":"fair","uptime_s":1,"rssi_dbm":-1,'
    '"rsrp_dbm":1,"own_bytes":3,"used_bytes":[0,1,0,900,{"rssi_dbm":-2,"rsrp_dbm":2,"used_bytes":4,"own_bytes":3'
)

DICTIONARIES: dict[int, bytes] = {1: _WORDS_1.encode()}
