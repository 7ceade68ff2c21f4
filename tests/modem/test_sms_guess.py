"""Strings that one rule alone reads right: each was found by leaving that rule out (`python -m bench.mutants`)."""

import pytest

from modem.sms import guess


@pytest.mark.parametrize(
    ("raw", "dcs", "text"),
    [
        ("0000", None, "0000"),
        ("05310532", 0x08, "05310532"),
        ("08838737", 0x88, "08838737"),
        ("12 34", None, "12 34"),
        ("31323334", None, "1234"),
        ("3092600267511253", 0x44, "3092600267511253"),
        ("313233", 0x58, "313233"),
        ("3441979237609260", 0x00, "3441979237609260"),
        ("423468535606", 0x00, "423468535606"),
        ("49366578720097737972", 0x44, "49366578720097737972"),
        ("603137", 0x00, "603137"),
        ("9093", 0x64, "9093"),
        ("FEED", None, "FEED"),
        ("4D656E753A0931", 0xF4, "Menu:\t1"),
        ("53616C646F202435", 0x11, "Saldo $5"),
        ("5945", 0x11, "YE"),
        ("1B5E6CE30365CB73", None, "[1] Yes"),
        ("E282AC35", None, "€5"),
        ("40686F6D65 ", None, "@home"),
        ("ab", 0x78, "ab"),
        ("6131", 0x40, "ab"),
        ("ab", 0x54, "ab"),
        ("75736572406578616D706C652E636F6D", 0x48, "user@example.com"),
        ("007E", 0x11, "~"),
        ("03313030", 0x04, "¥100"),
        ("FEFF0181", None, "Ɓ"),
        ("0393039503990391", 0x00, "ΓΕΙΑ"),
        ("CE93CEB5CEB9CEB120CF83CEB1CF82", 0x00, "Γεια σας"),
        ("CE95CEBBCEBBCEB7CEBDCEB9CEBACEAC20E1BC80", None, "Ελληνικά ἀ"),
        ("D094D0B0", 0x68, "Да"),
        ("D581D5A5D68020D5B4D5B6D5A1D681D5B8D680D5A4D5A82035", 0x00, "Ձեր մնացորդը 5"),
        ("D7AAD795D793D794", 0x44, "תודה"),
        ("09A709A809CD09AF09AC09BE09A6", 0x00, "ধন্যবাদ"),
        ("FEFF0A270A700A280A350A3E0A26", 0x74, "ਧੰਨਵਾਦ"),
        ("0A860AAD0ABE0AB0", 0x00, "આભાર"),
        ("0B270B280B4D0B5F0B2C0B3E0B26", 0x00, "ଧନ୍ୟବାଦ"),
        ("FEFF0BA80BA90BCD0BB10BBF", 0x00, "நன்றி"),
        ("FEFF0C240C46", 0x00, "తె"),
        ("0CA70CA80CCD0CAF0CB50CBE0CA6", 0x88, "ಧನ್ಯವಾದ"),
        ("0D280D280D4D0D260D3F", 0x00, "നന്ദി"),
        ("E0B781E0B79AE0B782E0B6BA203530", 0x00, "ශේෂය 50"),
        ("0E220E2D0E14", 0x74, "ยอด"),
        ("E0BA82E0BAADE0BA9AE0BB83E0BA88", 0x00, "ຂອບໃຈ"),
        ("E18080E180BBE180B1E180B8E18087E180B0E180B8", 0x88, "ကျေးဇူး"),
        ("10D210DB10D010D310DA10DD10D110D7", 0x00, "გმადლობთ"),
        ("17A2179A178217BB178E", 0x00, "អរគុណ"),
        ("E1BABF", 0x44, "ế"),
        ("30AB30CA", 0x00, "カナ"),
        ("FEFF30FC", None, "ー"),
        ("5186", 0x11, "円"),
        ("FEFF5230", 0xF0, "到"),
        ("E6AE8BE3828A", 0x04, "残り"),
        ("FEFF75354FE1", None, "电信"),
        ("E7B981E9AB94", 0x58, "繁體"),
        ("ED959CEAB5AD", 0x74, "한국"),
        ("064606390645", None, "نعم"),
        ("0939093E0901", 0x00, "हाँ"),
    ],
)
def test_each_rule_decides_some_string(raw: str, dcs: int | None, text: str) -> None:
    assert guess.read(raw, dcs).text == text


def test_octets_that_fill_up_are_no_text() -> None:
    assert guess.read("004F004B0000", 72).text == "OK"


@pytest.mark.parametrize("raw", ["余额12.30元", "5 EUR", "ABC", "", "0x41", "41 4G"])
def test_what_is_not_whole_octets_in_hexadecimal_is_what_it_is(raw: str) -> None:
    assert (guess.read(raw, 72).text, guess.read(raw, 72).way) == (raw, "plain")


@pytest.mark.parametrize("dcs", [None, 0, 15, 72])
def test_a_text_cut_within_a_surrogate_pair_is_read_as_far_as_it_goes(dcs: int | None) -> None:
    cut = "余额12.30元，请查收\ud83d".encode("utf-16-be", "surrogatepass").hex()
    assert guess.read(cut, dcs).text == "余额12.30元，请查收\ufffd"
