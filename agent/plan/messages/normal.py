"""A message made ready for reading, code point by code point: every position stays what it was in the original.

Full-width, upper-case, accented, traditional Chinese and non-Latin digits become the plain form the tables are
written in; links, USSD codes and telephone numbers become blanks, so that their digits are nobody's amount.
"""

import re
import unicodedata
from functools import lru_cache

MAX_TEXT = 2000
"""Code points that are read; a long SMS of ten parts has 670 Chinese ones."""

_TRADITIONAL = str.maketrans(
    (
        "餘額數據話費儲帳賬戶總還開機續訂購變內國電訊單圓萬號滿過將達於暫斷獎贈優領參與驗證碼銀動聯尚網時間預繳閣現為從項該無點閱讀計劃務業線費類餐約後週個資請傳圖"
        "灣臺幣門標準遲陸繼盡儘鐘產進經營關閉復覆撥轉帶寬頻場區島遊設備級調當應僅許屆處歡謝親愛價適條種響獲億實際測試顯錯誤敗狀態"
        "終錄記詢說認選擇兌換執辦審熱視隨絡結統維護強離險雲體這們來問題減補償銷錢檢頁語遠"
        "畢殘齊啟稅鍵鏈專壓導環勢隊節誠詳閒貼擴鎖凍遺廣東車術歷曆紅綠禮買賣緊權發腦臨衛寶綁確壞異註冊簡趕獨擾遞漲鐵雙讓雖隻幾顆塊貨貸賠違規則歸屬係聲連譜載輸"
        "運輕較輛輯鈔鏡陣階隱難靜頂順須頭願顧風飛飯飲館馬駐駛驟髮鬧魚麗麥黃齡龍爾倉倆側偵傘傷僑儀兒兩凱劇劑勝勞勵勸匯協卻嗎員園圍報塵壽夠夢夾奪奮婦媽孫學寧寫"
        "尋對層峽巖帥師幹庫廁廈廚廠廢廳張彈徑徵徹恆惡惱慣慶憂憑憲懇懷戲拋捨掃掛採揮損搖搶摯擁擊擔擬擱攜攝敵晉暢曬書會極構樂樓樣橋檔檯櫃欄歲殺殼氣決況滯潔潤濟"
        "瀏災煩燈爭牆畫療盜監盤眾礙禦稱穩積窩競筆範築簽籌糧純紙細組絕給綜緒緩編練縣縮績織罰羅義習聖聞職聽肅脫臉興舉舊艙藍藝藥蟲衝裝製複見覺觀觸討訓訪訴診評詐"
        "詞誌諮諾識譯議豐負財貢貴賓質趨跡踐躍軌軍軟輔轄農迴遷邊邏郵鄉醫釋針鈕鋪鎮長闊陽靈韓飽騙"
    ),
    (
        "余额数据话费储账账户总还开机续订购变内国电讯单元万号满过将达于暂断奖赠优领参与验证码银动联尚网时间预缴阁现为从项该无点阅读计划务业线费类餐约后周个资请传图"
        "湾台币门标准迟陆继尽尽钟产进经营关闭复复拨转带宽频场区岛游设备级调当应仅许届处欢谢亲爱价适条种响获亿实际测试显错误败状态"
        "终录记询说认选择兑换执办审热视随络结统维护强离险云体这们来问题减补偿销钱检页语远"
        "毕残齐启税键链专压导环势队节诚详闲贴扩锁冻遗广东车术历历红绿礼买卖紧权发脑临卫宝绑确坏异注册简赶独扰递涨铁双让虽只几颗块货贷赔违规则归属系声连谱载输"
        "运轻较辆辑钞镜阵阶隐难静顶顺须头愿顾风飞饭饮馆马驻驶骤发闹鱼丽麦黄龄龙尔仓俩侧侦伞伤侨仪儿两凯剧剂胜劳励劝汇协却吗员园围报尘寿够梦夹夺奋妇妈孙学宁写"
        "寻对层峡岩帅师干库厕厦厨厂废厅张弹径征彻恒恶恼惯庆忧凭宪恳怀戏抛舍扫挂采挥损摇抢挚拥击担拟搁携摄敌晋畅晒书会极构乐楼样桥档台柜栏岁杀壳气决况滞洁润济"
        "浏灾烦灯争墙画疗盗监盘众碍御称稳积窝竞笔范筑签筹粮纯纸细组绝给综绪缓编练县缩绩织罚罗义习圣闻职听肃脱脸兴举旧舱蓝艺药虫冲装制复见觉观触讨训访诉诊评诈"
        "词志咨诺识译议丰负财贡贵宾质趋迹践跃轨军软辅辖农回迁边逻邮乡医释针钮铺镇长阔阳灵韩饱骗"
    ),
)
_SPECIAL = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ß": "s",
        "ı": "i",
        "æ": "a",
        "’": "'",
        "‘": "'",
        "`": "'",
        "−": "-",
        "–": "-",
        "—": "-",
        "~": "-",
        "\u066b": ".",
        "\u066c": ",",
        "ё": "е",
        **dict.fromkeys("①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾", ";"),
        "ə": "e",
        "ʻ": "'",
        "ʼ": "'",
        "٪": "%",
        "،": ",",
        "؛": ";",
        "؟": "?",
    }
)
DOMAINS = "com|cn|net|org|in|me|ly|co|pl|de|uk|ru|id|nl|fr|es|it|io|info|link|gl|top|cc|tv|mobi|app|ua|za|br|mx"
_BLANKED = re.compile(
    r"^rm\s?0(?:\.00)?[:\s]|"  # Malaysia: what this message costs
    r"\x1b\[[0-9;]{0,20}[a-z]|"
    r"(?:https?://|www\.)[!-~]{1,300}"
    r"|[\w.+-]{1,64}@[a-z0-9-]{1,60}(?:\.[a-z]{2,10}){1,3}"
    rf"|(?<![a-z0-9.])[a-z][a-z0-9-]{{0,40}}(?:\.[a-z0-9-]{{1,40}}){{0,4}}\.(?:{DOMAINS})(?![a-z0-9])(?:/[!-~]{{0,300}})?"
    r"|[*#][\d*#]{1,30}#"
    r"|(?<![\d.,])400-?\d{3,4}-?\d{3,4}(?!\d)|(?<![\d.,])(?:1860|1008611|1008[0-9]|1001[0-9]|1000[0-9]|10099)(?!\d"
    r"|[.,]\d)"
)
_CODE_WORD = re.compile(r"(?:回复|发送|回|编辑短信)\s{0,2}[\"'“「]?[a-z0-9]{1,12}[\"'”」]?")


_EURO = re.compile(r"(?<=\d[.,]\d\d)(?:e(?=[\s/.,;:!)]|$)|\se(?=[.;]|$))")
"""Gateways without the sign write "12,50E", Finns "12,50 e"."""


def folded(text: str) -> str:
    """`text` in plain form, of the same length."""
    wide = "".join(map(_plain, text))
    plain = wide.translate(_TRADITIONAL)
    if plain != wide and not _KANA.search(wide):
        plain = _REGIONAL.sub(lambda hit: _MAINLAND[hit.group()].rjust(len(hit.group())), plain)
    plain = plain.translate(_SPECIAL)
    return _EURO.sub(lambda hit: f"{hit.group()[:-1]}€", plain)


_KANA = re.compile("[ぁ-ゖァ-ヶ]")
_MAINLAND = {
    **dict.fromkeys(("储值", "加值", "增值"), "充值"),
    **dict.fromkeys(("停话", "断话"), "停机"),
    **dict.fromkeys(("账款", "帐款"), "话费"),
    **dict.fromkeys(("电信费", "电话费"), "的话费"),
    **dict.fromkeys(("传输量", "数据量", "优惠量", "上网量"), "的流量"),
    **dict.fromkeys(("用毕", "用罄"), "用完"),
    **dict.fromkeys(("阁下的", "阁下之"), "您的"),
    **dict.fromkeys(("缴付", "缴交"), "缴纳"),
    "流动电话": "手机", "行动电话": "手机", "流动数据": "流量", "行动数据": "流量", "行动上网": "手机上网",
    "门号": "号码", "复话": "复机", "结余": "余额",
    "数据": "流量", "届满": "到期", "效期": "期限", "阁下": "您",
    "有效日期": "有效期限", "有效期": "有效期", "数据组合": "流量套餐", "上网包": "流量包", "清缴": "缴清",
    "尽速": "尽快", "月费计划": "月费套餐", "资费方案": "资费套餐", "展延": "延长", "余下": "剩余", "简讯": "短信",
}  # fmt: skip
"""Words of Taiwan, Hong Kong and Macau for which the mainland has others; no longer ones."""
_REGIONAL = re.compile(
    "|".join(sorted(_MAINLAND, key=len, reverse=True))
    .replace("储值", "储值(?!卡|账户|余额)")
    .replace("增值", "增值(?!服务|电信|税|卡)")
    .replace("加值", "加值(?!型|服务)")
)


_DASHED = re.compile(r"(?<=[一-鿿])-(?=[一-鿿\d])")


_PER_CENT = re.compile(
    r"(?<=\d)(\s?)(percent|per cent|pct|prozent|procent\w{0,3}|por ?ciento|por cento|per cento|pour ?cent|persen"
    r"|peratus"
    r"|phan tram|yuzde|процент\w{0,3}|відсот\w{0,3}|درصد|في المئة|بالمئة|प्रतिशत|শতাংশ|เปอร์เซ็นต์|パーセント"
    r"|퍼센트)(?![^\W\d_])"
)
"""Written out: read as the sign."""


_HEBREW_PREFIX = re.compile(r"(?<=[א-ת])-(?=\d)")
""" "ב-25/11/2026": on."""
_OWN_PROMO = re.compile(
    r"(?<![^\W\d_])(?:your|ur|iyong|inyong|ang)(?: (?!free|chance|share|bonus)[\w+&]{1,16}){0,3}? promo(?![^\W\d_])"
)
"""The Philippines call a plan so: "your UnliData 299 promo will expire"."""


_PER_CENT_ZH = re.compile("百分之([一二三四五六七八九]?十[一二三四五六七八九]?|百|[一二三四五六七八九])")
_BELOW_NOTHING = re.compile(r"(?<=[为:是额])负(?=\d)")
""" "余额为负2.15元"."""


def _as_figure(hit: re.Match[str]) -> str:
    """ "百分之七十五" as "75%", of the same length."""
    tens, ten, ones = hit[1].rpartition("十")
    value = (
        100
        if hit[1] == "百"
        else 10 * (_ONES.find(tens) if tens else int(bool(ten))) + max(0, _ONES.find(ones or "〇"))
    )
    return f"{value}%".ljust(len(hit.group()))


_ONES = "〇一二三四五六七八九"


def blanked(plain: str) -> str:
    """`plain` (folded) with links, codes and telephone numbers as blanks, of the same length."""
    if re.search(r"[一-鿿]-[一-鿿]", plain) and len(_DASHED.findall(plain)) >= 3:
        plain = _DASHED.sub(":", plain)  # "状态-停机;余额-3.11元": a dash where others write a colon
    plain = plain.replace("omg! ", "omg  ")  # a plan's name at Telkomsel
    plain = _HEBREW_PREFIX.sub(" ", plain)
    plain = _OWN_PROMO.sub(lambda hit: f"{hit.group()[:-5]}plan ", plain)
    plain = _PER_CENT_ZH.sub(_as_figure, plain)
    plain = _BELOW_NOTHING.sub("-", plain)
    plain = _PER_CENT.sub(lambda hit: f"{hit[1]}%".ljust(len(hit.group())), plain)
    for pattern in (_BLANKED, _CODE_WORD):
        plain = pattern.sub(lambda found: " " * len(found.group()), plain)
    return plain


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    if char in "①②③④⑤⑥⑦⑧⑨⑩":
        return char  # not the figure in it: _SPECIAL
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    wide = unicodedata.normalize("NFKC", char)
    lower = (wide if len(wide) == 1 else char).lower()
    lower = lower if len(lower) == 1 else char
    base = unicodedata.normalize("NFD", lower)[0]
    return base if base.isascii() or "\u0370" <= base <= "\u03ff" else lower
