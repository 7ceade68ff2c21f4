"""Which dialect a modem gets by what it says of itself: real texts from public logs and manuals."""

import pytest

from modem.dialects import choose

IDENTITIES = [
    # manufacturer, model, ATI, dialect
    ("Quectel", "EC20F", "Quectel\nEC20F\nRevision: EC20CEFRSGR08A03M2G", "quectel"),
    ("Quectel", "EC25", "Quectel\nEC25\nRevision: EC25EFAR06A01M4G", "quectel"),
    ("Quectel", "EC200U", "Quectel\nEC200U\nRevision: EC200UEUAAR02A02M08_HJ", "quectel"),
    ("Quectel", "EC200A-CNTA", "Quectel\nEC200A-CNTA\nRevision: EC200ACNTAR01A03M2G_OCPU", "quectel"),
    ("Quectel", "EC800M", "Quectel\nEC800M\nRevision: EC800MCNGAR06A05M08", "quectel"),
    ("Quectel", "BG96", "Quectel\nBG96\nRevision: BG96MAR04A04M1G", "quectel"),
    ("Quectel", "BG95-M3", "Quectel\nBG95-M3\nRevision: BG95M3LAR02A03", "quectel"),
    ("Quectel", "BG77", "Quectel\nBG77\nRevision: BG77LAR02A04", "quectel"),
    ("Quectel", "BG770A-GL", "Quectel\nBG770A-GL\nRevision: BG770AGLAAR01A05", "quectel"),
    ("Quectel", "RM500Q-GL", "Quectel\nRM500Q-GL\nRevision: RM500QGLABR11A06M4G", "quectel"),
    ("Quectel", "RM520N-GL", "Quectel\nRM520N-GL\nRevision: RM520NGLAAR01A07M4G", "quectel"),
    ("Quectel_Ltd", "Quectel_M95", "Quectel_Ltd\nQuectel_M95\nRevision: M95FAR02A08", "quectel"),
    ("Quectel_Ltd", "Quectel_M66", "Quectel_Ltd\nQuectel_M66\nRevision: M66FARxxAxx", "quectel"),
    ("Quectel_Ltd", "Quectel_BC66", "Quectel_Ltd\nQuectel_BC66\nRevision: BC66NBR01A10", "quectel"),
    ("Quectel_Ltd", "Quectel_BC660K-GL", "Quectel_Ltd\nQuectel_BC660K-GL\nRevision: BC660KGLAAR01A05", "quectel"),
    ("SIMCOM_Ltd", "SIMCOM_SIM800L", "SIM800 R14.18", "simcom"),
    ("SIMCOM_Ltd", "SIMCOM_SIM900", "SIM900 R11.0", "simcom"),
    ("SIMCOM_Ltd", "SIMCOM_SIM808", "SIM808 R14.18", "simcom"),
    ("SIMCOM_Ltd", "SIMCOM_SIM7000E", "SIM7000E R1351", "simcom"),
    ("SIMCOM INCORPORATED", "SIMCOM_SIM7080G", "SIMCOM_SIM7080G\nRevision:1351B05SIM7080G", "simcom"),
    ("SIMCOM INCORPORATED", "SIMCOM_SIM5320A", "Model: SIMCOM_SIM5320A\nRevision: SIM5320A_V1.5", "simcom"),
    ("SIMCOM INCORPORATED", "SIMCOM_SIM7600E", "Model: SIMCOM_SIM7600E\nRevision: SIM7600M21-A_V1.1", "simcom"),
    ("SIMCOM INCORPORATED", "SIM7670G-MNGV", "Model: SIM7670G-MNGV\nRevision: 2374B05SIM767XM5A_M", "simcom"),
    (
        "INCORPORATED",
        "A7670E-LASE",
        "Manufacturer: INCORPORATED\nModel: A7670E-LASE\nRevision: A7670M7_V1.11.1",
        "simcom",
    ),
    ("SIMCOM INCORPORATED", "A7670G-LLSE", "Model: A7670G-LLSE\nRevision: A124B01A7670M7", "simcom"),
    ("SIMCOM INCORPORATED", "SIMCOM_SIM8202G-M2", "", "simcom"),
    ("", "A7672E-FASE", "", "simcom"),
    ("", "A7608SA-H", "", "simcom"),
    ("INCORPORATED", "A7683E", "Manufacturer: INCORPORATED\nModel: A7683E", "simcom"),
    ("huawei", "E1552", "Manufacturer: huawei\nModel: E1552\nRevision: 11.608.13.02.00", "huawei"),
    ("huawei", "E160G", "Manufacturer: huawei\nModel: E160G\nRevision: 11.608.12.00.55", "huawei"),
    ("huawei", "K3520", "Manufacturer: huawei\nModel: K3520\nRevision: 11.314.12.02.00", "huawei"),
    ("Huawei Technologies Co., Ltd.", "ME909s-821", "Model: ME909s-821\nRevision: 11.617.01.00.00", "huawei"),
    ("HUAWEI TECHNOLOGIES CO.", "MU709s-2", "", "huawei"),
    ("TD Tech Ltd.", "MT5700M-CN", "Manufacturer: TD Tech Ltd.\nModel: MT5700M-CN", "huawei"),
    (
        "TD-Tech Ltd.",
        "MT5700M-CN",
        "Manufacturer: TD-Tech Ltd.\nModel: MT5700M-CN\nRevision: V100R001C00B050",
        "huawei",
    ),
    ("TD Tech Ltd.", "MT5710_CN", "Manufacturer: TD Tech Ltd.\nModel: MT5710_CN\nRevision: V100R001C00B108", "huawei"),
    ("u-blox", "SARA-R410M-02B", "", "ublox"),
    ("u-blox", "SARA-R500S-01B", "SARA-R500S-01B-00", "ublox"),
    ("u-blox", "LARA-R6001D", "", "ublox"),
    ("u-blox", "LEXI-R520", "", "ublox"),
    ("", "TOBY-L210", "TOBY-L210-02S-00", "ublox"),
    ("Fibocom Wireless Inc.", "FM350-GL", "Model: FM350-GL\nRevision: 81600.0000.00.29.20.22", "fibocom"),
    ("Fibocom Wireless Inc.", "NL668T-GL", "Model: NL668T-GL\nRevision: 19906.5090.00.02.00.23", "fibocom"),
    ("Fibocom", 'L850 LTE Module","L850', "", "fibocom"),
    ("Fibocom Wireless Inc.", "FM160-CN", "", "fibocom"),
    ("Fibocom", "L610", "Fibocom\nL610\n16000.1000.00.97.20.10", "fibocom"),
    ("ZTE CORPORATION", "ZM9000", "Manufacturer: ZTE CORPORATION\nModel: ZM9000\nRevision: BD_ZM9000V1.0.0B17", "zte"),
    ("ZTE INCORPORATED", "MF190", "Manufacturer: ZTE INCORPORATED\nModel: MF190", "zte"),
    ("ZTE", "ME3630", "Manufacturer: ZTE CORPORATION\nModel: ME3630", "zte"),
    ("Sierra Wireless, Incorporated", "EM7455B", "Model: EM7455B\nRevision: SWI9X30C_02.24.05.06 r7040", "sierra"),
    ("Sierra Wireless, Incorporated", "WP7607", "Model: WP7607\nRevision: SWI9X07Y_02.37.03.00", "sierra"),
    ("Sierra Wireless, Inc.", "EM7590", "Manufacturer: Sierra Wireless, Inc.\nModel: EM7590", "sierra"),
    ("AirM2M", "AirM2M_780E", "AirM2M_780E_V1171_LTE_AT", "luat"),
    ("EigenComm", "Air780EPV", "AirM2M_780EPV_V1011_LTE_AT", "luat"),
    ('+CGMI: "AirM2M"', "", "LuatOS-Air_V4032_RDA8910_TTS_NOLVGL", "luat"),
    ("Telit", "LE910C4-NF", "332", "telit"),
    ("Telit", "FN990A40", "", "telit"),
    ("Telit", "LN920A6-WW", "", "telit"),
    ("QUALCOMM INCORPORATED", "4105", "Model: 4105\nRevision: T77W676.F0.0.0.4.7.GC.017  1", "foxconn"),
    ("Qualcomm", "T99W175", "Model: T99W175\nRevision: T99W175.F0.6.0.0.6.GC.004  1", "foxconn"),
    ("Nordic Semiconductor ASA", "nRF9160-SICA", "", "nordic"),
    ("Nordic Semiconductor ASA", "nRF9151-LACA", "", "nordic"),
    ("SEQUANS Communications", "GM02S", "", "sequans"),
    ("Cinterion", "MC55i", "Cinterion\nMC55i\nREVISION 02.000", "cinterion"),
    ("Cinterion", "ALS6A", "Cinterion\nALS6A\nREVISION 04.000\nA-REVISION 00.000.01", "cinterion"),
    ("Gemalto", "PLS62-W", "Gemalto\nPLS62-W\nREVISION 02.000", "cinterion"),
    ("MEIG INCORPORATED", "SRM825L", "Model: SRM825L\nRevision: SRM825L_6.0.5_EQ100", "meig"),
    ("MEIG INCORPORATED", "SLM750", "Manufacturer: MEIG INCORPORATED\nModel: SLM750", "meig"),
    ("NEOWAY", "N720", "NEOWAY\nN720\nV005", "neoway"),
    ("Neoway Corp Ltd", "N58", "NEOWAY\nN58\nV004", "neoway"),
    ("Neoway Corp Ltd", "N706", "NEOWAY\nN706\nV001", "neoway"),
    ("MikroTik", "R11e-LTE6", "", "mikrotik"),
    # nobody's dialect: the plain one, never a neighbour's
    ("YUGA", "CLM920_TE3", "Manufacturer: YUGA\nModel: CLM920_TE3", "3gpp"),
    ("GosunCn", "ME3630-W", "Manufacturer: GosunCnWelink\nModel: ME3630-W", "zte"),
    ("CMIOT", "ML302", "CMIOT\nML302\nML302_CN_00.00.01", "cmiot"),
    ("Unisoc", "UIS8850", "", "3gpp"),
    ("Novatel Wireless Inc.", "MC679", "", "3gpp"),
    ("", "", "", "3gpp"),
]


@pytest.mark.parametrize(
    ("maker", "model", "ati", "name"), IDENTITIES, ids=[f"{one[1]}-{one[3]}" for one in IDENTITIES]
)
def test_a_modem_gets_its_makers_dialect(maker: str, model: str, ati: str, name: str) -> None:
    assert choose(maker, model, ati).name == name


@pytest.mark.parametrize(
    ("maker", "model", "ati", "name"), IDENTITIES, ids=[f"{one[1]}-{one[3]}" for one in IDENTITIES]
)
def test_the_text_of_ati_alone_does_not_mislead(maker: str, model: str, ati: str, name: str) -> None:
    assert choose("", "", ati).name in (name, "3gpp")


MODELS = {
    "quectel": "EC25 EC200U BG96 BC95-G RM520N-GL RG650V M95 UC20 EP06-E",
    "simcom": "SIM868 SIM8202G-M2 A7906E",
    "huawei": "E3372 E1752 E173 ME909s-821 MU709s-2 MH5000-31 K3715",
    "fibocom": "L610 L716-CN FM160-CN FG621-EA MA510",
    "zte": "MF190 MF667 ME3630-W MC801A",
    "sierra": "EM7455 MC7304 MC8805 WP7607 HL7800 RC7620",
    "telit": "LE910C4-NF FN990A40 ME310G1-WW HE910 GL865",
    "cinterion": "EHS6 PLS62-W MC55i TC35i TX62-W BGS2-W",
    "meig": "SLM320 SRM821",
    "neoway": "N720 N58 M590E",
    "nordic": "nRF9160-SICA",
    "sequans": "GM02S",
    "ericsson": "H5321gw F3507g",
    "3gpp": "CLM920_TE3 UIS8850 MC679 89860325167550407312 E1A2B3C4D5 EC25andmuchmorethananymodelsays",
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_alone_is_enough_where_nobody_names_the_maker(name: str) -> None:
    for model in MODELS[name].split():
        assert choose("", model, "").name == name, model
        assert choose("", "", f"AT+CGMM\n+CGMM: {model}\nOK").name == name, model


def test_a_maker_that_is_named_counts_for_more_than_a_model() -> None:
    assert choose("Acme", "EC25", "").name == "3gpp"
    assert choose("Telit", "N58", "").name == "telit"


def test_there_are_enough_of_them() -> None:
    assert len(IDENTITIES) >= 60
