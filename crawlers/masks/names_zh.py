"""Chinese names that people give themselves: a known surname and one or two characters, and words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.masks.fold import Hints, Span, beginning

__all__ = ["find"]

_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許韩韓邓鄧冯馮曹彭曾肖萧蕭田董潘袁蔡蒋蔣余于杜叶葉程魏"
    "苏蘇吕呂丁任卢盧姚沈钟鐘姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付傅方邹鄒熊白孟秦邱侯江尹薛闫閻阎段雷龙龍黎史陶贺賀毛郝顾顧龚龔邵万萬钱錢"
    "严嚴武戴莫孔汤湯常温溫康施牛樊葛邢安齐齊易乔喬伍庞龐颜顏倪庄莊聂聶章鲁魯岳翟殷詹申欧歐耿关關焦俞左柳甘祝包宁阮符纪紀梅童凌毕畢单單季"
    "裴霍涂苗曲盛冉鲍鮑柯骆駱卜辛闵靳尚艾向祁褚娄卓席路房屈应蒲蒙"
)
_DOUBLE = "欧阳|歐陽|上官|司马|司馬|诸葛|諸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|端木|南宫|独孤|百里|呼延"
_H = "[\u3400-\u9fff]"
_NAME = rf"(?:(?:{_DOUBLE}){_H}{{1,2}}|[{_SURNAMES}]{_H}{{1,2}}?|{_H}{{1,6}}·{_H}{{1,8}}(?:·{_H}{{1,8}})?)"
_END = (
    r"(?=先生|女士|小姐|老师|某|[\s，,。.;；:：、!！?？~)）(（\"'」*\-]|$|家?住|今年|来自|现住|电话|手机|联系|身份证|[男女][，,。性]"
    r"|是[一本这我]|想|要|在|对|向|和我|反映|投诉|举报|咨询|[0-9])"
)
_STOP = r"(?=[，,。;；、!！\s(（]|$)"
_ROLE = "(?:业主|居民|市民|村民|群众|用户|家长|住户|网民|租户|职工|学生|代表|退休工人|员工|司机|商户|的)"
_LABEL = (
    "举报人|投诉人|反映人|联系人|姓名|署名|来信人|申请人|留言人|写信人|报修人|收件人|寄件人|收货人|报案人|报警人"
    "|来访人|信访人|监护人|当事人|受害人|申诉人|咨询人|诉求人|业主姓名|户主|房主|称呼|求助人|来电人|致电人|受访人|实名"
)
_FAMILY = (
    "(?:爱人|老公|老婆|丈夫|妻子|儿子|女儿|父亲|母亲|爸爸|妈妈|爷爷|奶奶"
    "|外公|外婆|孩子|哥哥|姐姐|弟弟|妹妹|孙子|孙女)"
)
_CALLED = r"(?:我|俺|本人|咱)(?:的?(?:名字|姓名|真名|大名))?就?(?:叫做?|名叫|是叫|名字是|姓名是|名为)"
_ME = re.compile(
    "|".join(
        (
            rf"{_CALLED}({_NAME}){_END}",
            rf"[我俺](?:叫做?|名叫)((?![救了他她它你人不过来外车苦停价天])(?!物业|滴滴|师傅|快递|出租){_H}{{1,4}}?){_STOP}",
            rf"[我俺]们?就?是(?:[^，,。;；\n]{{0,20}}?{_ROLE})?({_NAME}){_END}",
            rf"(?:[我俺]|本人|免贵)姓((?:{_DOUBLE}|[{_SURNAMES}])(?:[，, ]?(?:名|叫){_H}{{1,2}})?){_END}",
            rf"本人(?:姓名|名叫)?({_NAME}){_END}",
            rf"[我俺]的?{_FAMILY}(?:名?叫|名字叫|姓名|:)?({_NAME})(?:{_STOP}|(?=今年))",
        )
    )
)
_LABELLED = re.compile(rf"(?:{_LABEL})[\s:是为]{{1,4}}({_NAME}|[{_SURNAMES}]){_END}")
_ALONE = re.compile(rf"(?:^|\n)[\s\-]*({_NAME})[ \t]*(?=\n\s*(?:19|20)\d\d[年\-./]|\s*$)")
_CLOSED = re.compile(rf"({_NAME})(?:敬上|上书|拜上|呈上|(?:叩|谨|亲)[上呈启笔])")
_BEGINNING = (
    (re.compile("[我俺咱本免]"), _ME),
    (re.compile(f"[{''.join(sorted({label[0] for label in _LABEL.split('|')}))}]"), _LABELLED),
)
_HINTED = (
    (Hints("\n"), _ALONE),
    (Hints("敬上", "上书", "拜上", "呈上", "叩", "谨", "亲"), _CLOSED),
)
_NO_NAME = re.compile(
    r"谢谢|凌晨|毕业|房子|高中|白领|路人|单亲|钟点|温州|常住|常年|万分|江北|江南|江东|江西|向.*?(?:反映|投诉)|任何|安装|应届|康复|金融|石油|高校|马上|方便"
    r"|严重|关心|关注|万万|高龄|高层|高[一二三考新铁]|白天|单位|单身|单独|龙头|黄牛|黄金|武[汉警]|温馨|成都|包[工租]|路[边过灯]|雷锋|牛奶|常[客常]"
    r"|季度|金[牌额]|安[全置排]|何[人时处]|和平|向来|于是|左右|关于|钱款|应该|夏[天季]|方[才面]|龙江|尚未|顾客|任职|毛坯|田地|施工|程序|段时|万元"
    r"|史上|严[格查]|全部|房[东主客屋]|孔雀|范围|陆续|余[款下]|盛夏|甘愿|许多|祝[好愿大您你]|申[请诉]|宁愿|马路"
    r"|.*(?:人|户|员|者|的|了|们|客|业主|居民|学生|家长|民工|队|部|局|处|院|店|司|厂)$"
)


def find(text: str) -> Iterator[Span]:
    """Yield the span of each name that the writer gives as the own, in folded text.

    >>> list(find("我叫王小河，住在河边")), list(find("我是业主，我叫了物业"))
    ([(2, 5)], [])
    """
    for found in _found(text):
        group = found.lastindex or 0
        if not _NO_NAME.match(found[group]):
            yield found.span(group)


def _found(text: str) -> Iterator[re.Match[str]]:
    for first, pattern in _BEGINNING:
        yield from beginning(first, pattern, text)
    for hints, pattern in _HINTED:
        if hints.within(text):
            yield from pattern.finditer(text)
