"""What must not be shown is not shown: PINs, passwords, users, in commands, answers, logs and dialled codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.hidden import account, masked

SETTINGS = [
    ('AT+CPIN="4711"', 'AT+CPIN="***"'),
    ("AT+CPIN=4711", "AT+CPIN=***"),
    ("AT+CPIN=”4711”", "AT+CPIN=”***”"),
    ("AT+CPIN=”4711”".encode().decode("latin-1"), "AT+CPIN=”***”".encode().decode("latin-1")),
    ('at+cpin = "4711"', 'at+cpin = "***"'),
    ('AT+CPIN="12345678","4711"', 'AT+CPIN="***","***"'),  # a PUK and the new PIN (27.007 §8.3)
    ('AT+CPIN2="4711"', 'AT+CPIN2="***"'),
    ('AT^CPIN="4711"', 'AT^CPIN="***"'),
    ('AT+CLCK="SC",1,"4711",7', 'AT+CLCK="SC",1,"***",7'),  # 27.007 §7.4
    ("AT+CLCK=SC, 1, 4711", "AT+CLCK=SC, 1, ***"),
    ('AT+CPWD="SC","4711","0815"', 'AT+CPWD="SC","***","***"'),  # 27.007 §7.5
    ('AT^SLCK="PN",0,"4711"', 'AT^SLCK="PN",0,"***"'),
    ('AT^CARDLOCK="12345678"', 'AT^CARDLOCK="***"'),
    ('AT!ENTERCND="A710"', 'AT!ENTERCND="***"'),
    ('AT+CGAUTH=1,2,"shop","s3cret"', 'AT+CGAUTH=1,2,"***","***"'),  # 27.007 §10.1.31
    ('at+cgauth=1,2,"shop","s3cret"', 'at+cgauth=1,2,"***","***"'),
    ('AT+QICSGP=1,1,"cmiot","shop","s3cret",1', 'AT+QICSGP=1,1,"cmiot","***","***",1'),
    ('AT+QICSGP=1,1,,"shop","s3cret",1', 'AT+QICSGP=1,1,,"***","***",1'),
    ('AT$QCPDPP=1,1,"s3cret","shop"', 'AT$QCPDPP=1,1,"***","***"'),
    ('AT^AUTHDATA=1,1,"","s3cret","shop"', 'AT^AUTHDATA=1,1,"","***","***"'),
    ("AT^AUTHDATA=1,1,,s3cret,shop", "AT^AUTHDATA=1,1,,***,***"),
    ('AT^NDISDUP=1,1,"cmiot","shop","s3cret",2', 'AT^NDISDUP=1,1,"cmiot","***","***",2'),
    ('AT+CSTT="cmiot","shop","12"', 'AT+CSTT="cmiot","***","***"'),
    ('AT+QCGDEFCONT="IP","cmiot","shop","x"', 'AT+QCGDEFCONT="IP","cmiot","***","***"'),
    ('AT+CGAUTH=1,1,"my shop","pass (1)"', 'AT+CGAUTH=1,1,"*** ***","*** ***"'),
    ('AT+SAPBR=3,1,"PWD","s3cret"', 'AT+SAPBR=3,1,"PWD","***"'),
    ('AT$MYNETCON=0,"USERPWD","shop,s3cret"', 'AT$MYNETCON=0,"USERPWD","***"'),
    ('AT+QFTPCFG="account","shop","s3cret"', 'AT+QFTPCFG="account","***","***"'),
    ("ATD**04*4711*0815*0815#;", "ATD**04************#;"),  # 22.030 §6.6.3
    ('AT+CUSD=1,"**05*12345678*0815*0815#",15', 'AT+CUSD=1,"**05************#",15'),
    ('AT+CSIM=26,"002000010834373131FFFFFFFF"', 'AT+CSIM=26,"0020000108***"'),  # 102 221 §11.1.9: VERIFY
    ('AT+HTTPPARA="URL","http://shop:s3cret@example.com/x"', 'AT+HTTPPARA="URL","http://shop:***@example.com/x"'),
    ('AT+CGDCONT=1,"IP","cmiot";+CGAUTH=1,1,"shop","s";+CSQ', 'AT+CGDCONT=1,"IP","cmiot";+CGAUTH=1,1,"***","***";+CSQ'),
]
CUT_OR_WITHIN = [
    ('+CPIN="4711"', '+CPIN="***"'),
    ('CPIN="4711"', 'CPIN="***"'),
    ('PIN="4711"', 'PIN="***"'),
    ('AT+CPIN="47', 'AT+CPIN="***'),
    ("sent AT+CPIN=4711 to ttyUSB2", "sent AT+CPIN=*** to ttyUSB2"),
    ("$ mmcli -i 0 --pin=4711", "$ mmcli -i 0 --pin=***"),
    ("$ mmcli -i 0 --puk=12345678 ", "$ mmcli -i 0 --puk=*** "),
]
ANSWERS = [
    ('+CGAUTH: 1,1,"shop","s3cret"', '+CGAUTH: 1,1,"***","***"'),
    ('+QICSGP: 1,"cmiot","shop","s3cret",1', '+QICSGP: 1,"cmiot","***","***",1'),
]
HARMLESS = [
    "AT+CPIN?", "AT+CPIN=?", "+CPIN: SIM PIN", "+CPIN: READY", 'AT+CLCK="SC",2', "+CLCK: 1",
    '+CPWD: ("SC",8),("P2",8)',
    "AT+CGAUTH?", "AT+CGAUTH=?", "+CGAUTH: (1-16),(0-3),(64),(64)", "AT+QICSGP=1", 'AT+CSTT="cmiot"',
    "+CPINR: SIM PIN,3,3",
    'AT+CGDCONT=1,"IP","cmiot"', '+CGCONTRDP: 1,5,"cmiot","10.1.2.3"', 'AT+CUSD=1,"*100#",15', "+QMTCONN: 0,0,0",
    'AT+CSIM=14,"00B2010428"', "AT+CRSM=176,12258,0,0,10", "ATD*99***1#", "", "+CSQ: 20,99", "AT+CMEE=2",
]  # fmt: skip


@pytest.mark.parametrize(("said", "shown"), [*SETTINGS, *CUT_OR_WITHIN, *ANSWERS])
def test_a_secret_is_masked_and_what_is_none_stays(said: str, shown: str) -> None:
    assert masked(said) == shown


@pytest.mark.parametrize("said", HARMLESS)
def test_what_holds_no_secret_stays(said: str) -> None:
    assert masked(said) == said


@pytest.mark.parametrize(("said", "shown"), SETTINGS)
def test_what_was_masked_once_stays_as_it_is(said: str, shown: str) -> None:
    assert masked(masked(said)) == shown


@given(st.text('AT+CPIN="=,;*#04 x1:()', max_size=120))
def test_nothing_that_can_be_said_makes_it_fail(text: str) -> None:
    masked(text)


FORMS = [
    "AT+CPIN={}", 'AT+CPIN="{}"', 'AT+CPIN="1{0}","{0}"', 'AT+CLCK="SC",0,"{}"', 'AT+CPWD="SC","{0}","{0}"',
    'noise AT+CPIN= "{}" noise',
]  # fmt: skip


@given(st.text("0123456789", min_size=4, max_size=8), st.sampled_from(FORMS))
def test_no_pin_is_ever_shown(pin: str, form: str) -> None:
    assert pin not in masked(form.format(pin))


@pytest.mark.parametrize("name", ["+CGAUTH", "+cgauth"])
def test_an_answer_without_its_name_is_known_by_the_command_in_either_case(name: str) -> None:
    assert account(name, '1,1,"merchant","hunter2"', lambda _: "***") == '1,1,"***","***"'
    assert account("+CSQ", '1,1,"merchant"', lambda _: "***") == '1,1,"merchant"'


LOCKS = "+CPIN +CPIN2 ^CPIN *CPIN +CLCK +CPWD ^CARDLOCK ^SIMLOCK ^DATALOCK ^SLCK ^SPWD +CPINC !UNLOCK !ENTERCND !SETCND"
ACCOUNTS = (
    "+CGAUTH +XGAUTH +MGAUTH ^AUTHDATA $QCPDPP +UAUTHREQ *AUTHREQ +UPSD +ZGPCOAUTH ^SGAUTH #PDPAUTH #SGACTAUTH "
    "#USERID #PASSW +FTPUN +FTPPW"
)


@pytest.mark.parametrize("name", LOCKS.split())
def test_whatever_unlocks_is_hidden(name: str) -> None:
    assert masked(f'AT{name}="47110815"') == f'AT{name}="***"'


@pytest.mark.parametrize(
    ("names", "before"),
    [
        (ACCOUNTS, "1,"),
        (
            "+QICSGP +CSTT +CNCFG ^NDISDUP +MIPCALL +QMTCONN +MCONFIG #FTPOPEN +CMQTTCONNECT",
            '1,"cmiot",',
        ),
        ("+QCGDEFCONT", '"IP","cmiot",'),
    ],
)
def test_user_and_password_are_hidden_behind_what_names_the_network(names: str, before: str) -> None:
    for name in names.split():
        assert masked(f'AT{name}={before}"merchant","hunter2"') == f'AT{name}={before}"***","***"'


def test_an_account_is_hidden_in_small_letters_too() -> None:
    assert masked('at+cgauth=1,1,"merchant","hunter2"') == 'at+cgauth=1,1,"***","***"'
