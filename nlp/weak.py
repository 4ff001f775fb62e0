"""Weak labels where no set is labelled: plain words for a feeling, signs that writers set, the tone of a letter.

English has no labelled fear, surprise or absence of feeling, the languages of the joint table have no labelled
emotion at all. A text that names exactly one feeling is taken for an example of it; the cards say which heads
learned from such labels, and that their figures hold for such labels only.
"""

from __future__ import annotations

import re

__all__ = ["feeling_named", "letter_tone", "sign_meant"]

_NAMES = {
    "anger": (
        "furious|outraged|outrageous|infuriating|pissed|fuming|angry|rage|disgusting|disgusted|"
        "colère|énervé|enervé|furieux|scandaleux|honteux|ras le bol|dégueulasse|"
        "furioso|furiosa|indignante|vergüenza|asco|harto|harta|rabia|cabreado|"
        "wütend|wut|sauer|empört|unverschämt|frechheit|skandal|ekelhaft|"
        "vergogna|schifo|incazzato|incazzata|rabbia|arrabbiato|vergognoso|"
        "raiva|ódio|vergonha|irritado|irritada|nojo|revoltante|absurdo|"
        "غاضب|غضب|حقير|قذر|كلاب|عار|गुस्सा|शर्म|घटिया|बेशर्म|धिक्कार|नफरत"
    ),
    "fear": (
        "scared|afraid|terrified|terrifying|frightened|frightening|scary|worried|anxious|panic|panicking|nightmare|dread|"
        "peur|effrayant|terrifiant|inquiet|inquiète|angoisse|flippant|"
        "miedo|asustado|asustada|temor|preocupado|preocupada|terror|pánico|susto|"
        "angst|fürchte|besorgt|panik|gruselig|furcht|"
        "paura|spaventato|spaventata|preoccupato|preoccupata|terrore|ansia|panico|"
        "medo|assustado|assustada|preocupada|pavor|pânico|"
        "خوف|خايف|خائف|رعب|قلق|مرعب|डर|भय|खौफ|चिंता|दहशत"
    ),
    "joy": (
        "happy|glad|thrilled|delighted|joy|excited|awesome|yay|"
        "heureux|heureuse|content|contente|joie|génial|ravi|ravie|"
        "feliz|alegría|contento|contenta|genial|encanta|ilusión|"
        "glücklich|freue|freut|freude|super|toll|"
        "felice|felici|gioia|contenti|bellissimo|evviva|"
        "alegria|felizes|amei|maravilhoso|maravilhosa|"
        "سعيد|سعيدة|فرح|مبروك|رائع|جميل|خوش|खुश|खुशी|बधाई|शानदार|मुबारक"
    ),
    "sadness": (
        "sad|sadly|heartbroken|depressed|depressing|crying|tears|grief|lonely|mourning|miserable|unhappy|"
        "triste|tristesse|pleure|pleurer|déprimé|larmes|deuil|malheureux|"
        "tristeza|llorar|llorando|lágrimas|deprimida|deprimido|pena|luto|"
        "traurig|weinen|weine|tränen|trauer|deprimiert|einsam|"
        "tristezza|piangere|piango|lacrime|tristi|lutto|"
        "chorar|chorando|lágrima|saudade|saudades|"
        "حزين|حزن|دموع|ابكي|بكاء|وجع|الله يرحم|दुखी|दुख|आंसू|रोना|उदास|शोक"
    ),
    "surprise": (
        "wow|surprised|surprising|surprise|shocked|shocking|unexpected|unbelievable|astonished|omg|"
        "can't believe|cant believe|"
        "surpris|surprise|étonné|étonnant|incroyable|choqué|"
        "sorpresa|sorprendido|sorprendida|increíble|increible|asombro|"
        "überrascht|überraschung|unglaublich|krass|erstaunt|"
        "sorpreso|stupito|incredibile|pazzesco|"
        "surpresa|surpreso|inacreditável|chocada|chocado|caraca|"
        "مفاجأة|مفاجاة|صدمة|معقول|عجيب|हैरान|आश्चर्य|चौंक|अविश्वसनीय|गजब"
    ),
}
_PATTERNS = {feeling: re.compile(rf"(?<!\w)(?:{names})(?![\w])", re.IGNORECASE) for feeling, names in _NAMES.items()}
_NOT = re.compile(
    r"(?<!\w)(?:not|never|no|don't|isn't|pas|nicht|kein|keine|non|não|nao|لا|مش|नहीं)\s+(?:\w+\s+)?$", re.I
)


def feeling_named(text: str) -> str | None:
    """Return the one feeling that a text names, or None where it names none, several, or denies it.

    >>> feeling_named("I am scared of that crossing"), feeling_named("not scared at all"), feeling_named("sad, angry")
    ('fear', None, None)
    """
    found = [(feeling, match) for feeling, shape in _PATTERNS.items() if (match := shape.search(text))]
    if len(found) != 1 or _NOT.search(text[: found[0][1].start()]):
        return None
    return found[0][0]


_GRIEVANCE = re.compile(
    "投诉|举报|扰民|拖欠|欺骗|欺诈|坑害|乱收费|违规|违法|不作为|苦不堪言|严重影响|强烈要求|推诿|敷衍|黑心|霸王|"
    "恶臭|噪音|骗|无人管|没人管|忍无可忍|讨要|维权|侵害|强行|强制|气愤|愤怒|失望|寒心|难以忍受|怨声载道|脏乱差"
)
_INQUIRY = re.compile("咨询|请问|想了解|想问|想知道|是否可以|如何办理|怎么办理|办理流程")


def letter_tone(letter: str) -> str | None:
    """Return negative for a letter that airs a grievance three times, neutral for one that only inquires.

    >>> letter_tone("咨询居住证办理流程,请问需要哪些材料"), letter_tone("工地噪音扰民,严重影响休息,投诉后无人管")
    ('neutral', 'negative')
    """
    grievances = len(set(_GRIEVANCE.findall(letter)))
    if grievances >= 3:
        return "negative"
    return "neutral" if grievances == 0 and len(_INQUIRY.findall(letter)) >= 2 else None


_SIGNS = {
    "anger": "怒 怒骂 愤怒 抓狂 草泥马 左哼哼 右哼哼 哼",
    "candle": "蜡烛 祈祷 爱心传递 绿丝带",
    "contempt": "鄙视 挖鼻屎 弱 吐 闭嘴 懒得理你 阴险",
    "fear": "惊恐 吓到了 害怕",
    "joy": "哈哈 偷笑 嘻嘻 太开心 笑哈哈 haha 偷乐 得意地笑 耶 噢耶",
    "love": "爱你 心 亲亲 花心 可爱 愛你 飞吻 好喜欢 爱心 好爱哦 抱抱 害羞 羞嗒嗒",
    "praise": "good 赞 贊 给力 威武 鼓掌 顶 强 加油 酷",
    "sadness": "泪 悲伤 伤心 失望 可怜 委屈 淚 眼泪 泪流满面 大哭 生病 崩溃",
    "surprise": "吃惊 吃驚 震惊",
    "sweat": "汗 黑线 晕 衰 囧 巨汗",
    "thought": "思考 疑问 围观 呵呵",
}
_MEANING = {f"[{sign}]": group for group, signs in _SIGNS.items() for sign in signs.split()}
_SIGN = re.compile(r"\[[^\[\]\s]{1,6}\]")
_QUOTED = "//@"  # what follows is somebody else's
_ADDRESS = re.compile(r"^(?:回复@\S+?[:：]|转发微博|轉發微博)")
_SHORT = 4


def sign_meant(text: str) -> tuple[str, str] | None:
    """Return a Weibo comment without its bracketed signs, and what they mean; None where they mean several things.

    >>> sign_meant("又停水了[怒][怒]//@u_1: 转发"), sign_meant("又停水了[怒][哈哈]"), sign_meant("又停水了")
    (('又停水了', 'anger'), None, None)
    """
    own = text.partition(_QUOTED)[0]
    meant = {_MEANING[sign] for sign in _SIGN.findall(own) if sign in _MEANING}
    rest = _ADDRESS.sub("", _SIGN.sub("", own).strip()).strip()
    return (rest, meant.pop()) if len(meant) == 1 and len(rest) >= _SHORT else None
