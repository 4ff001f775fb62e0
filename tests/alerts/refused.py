"""Terms that no rule may name, and matters that any rule may; all names of people are invented."""

from __future__ import annotations

__all__ = ["MATTERS", "REFUSED"]

_WORDS = {
    "person": """
        王建国 李雪梅 张伟 刘桂芳 陈小红 杨洋 赵大强 黄志强 周晓燕 吴国栋 徐丽华 孙立军 胡志明
        朱永强 林志强 何建军 郭子豪
        罗文辉 高秀英 马晓东 郑凯 谢文杰 韩雪 唐志远 冯晓刚 欧阳明华 诸葛文 王建国打人 张局长 李书记
        王市长 刘女士 陈先生
        发帖人 举报人 投诉人 上访人 信访户 楼主 博主 组织者 带头人 发起人 骨干 闹事者 活动人士
        维权人士 重点人员 手机号 身份证 住址
        Jane Doe|John O'Neill|Maria Garcia|Peter van Dyke|Ahmed Hassan|Li Wei|john smith|EMILY JONES
        Mr Baker|Mrs Dale
        the mayor|ringleader|activist|dissident|blogger|journalist|organizers|leader of the tenants
        petitioner|a person
        named person|phone number|home address|licence plate|id card|influencers|whistleblower|troublemakers""",
    "account": """
        账号 用户名 昵称 公众号 微信号 微博号 抖音号 粉丝 头像 水军 @老张 @jane_doe
        weibo.com/u/1234567 13800138000 a@b.example
        https://forum.example/user/7 QQ号 超话主持 小号 大号
        account|accounts|user|username|handle|profile|followers|bot account|uid=42|troll
        verified account|screen name
        telegram|facebook.com/x|group admin|subscribers|avatar|nickname""",
    "language": """
        藏语 维吾尔语 维语 蒙古语 粤语 闽南语 客家话 方言 英语帖 双语教育 语种 语言 壮语 哈萨克语
        朝鲜语 阿拉伯语
        language|Cantonese|dialect|Tibetan|Uyghur|Spanish-speaking|Arabic|mother tongue|accent|Hindi
        Kurdish|Mandarin|Welsh
        native speakers|non-English|bilingual|Vietnamese|Turkish""",
    "ethnicity": """
        民族 少数民族 汉族 回族 藏族 维吾尔 维族 苗族 彝族 壮族 满族 蒙古族 朝鲜族 哈萨克 藏人 族群
        种族 黑人 移民 难民 外地人 河南人
        ethnic|ethnicity|minority|minorities|Black people|white people|Latino|Hispanic|Asian|Roma
        gypsy|Jewish|Arab|Kurds
        immigrants|migrants|refugees|foreigners|indigenous|caste|nationality|Han Chinese|Hui
        Tibetans|Uyghurs|tribal""",
    "religion": """
        宗教 信徒 佛教 寺庙 僧人 喇嘛 道教 伊斯兰 穆斯林 清真寺 阿訇 古兰经 斋月 基督教 天主教 教会
        教堂 牧师 神父 圣经 法轮功 邪教
        传教 祷告 头巾
        religion|church|churches|mosque|temple|Muslim|Islam|Christian|Catholic|Buddhist|monks|priest
        imam|Bible|Quran
        Ramadan|halal|hijab|synagogue|rabbi|Hindu|Sikh|Falun Gong|cult|sect|prayer|missionaries
        pastor|Jehovah's Witness""",
    "assembly": """
        集会 游行 遊行 示威 抗议 静坐 罢工 罷工 罢课 上访 信访 维权 请愿 联名 聚集 拉横幅 举牌 围堵
        堵路 群体性事件 集访 串联 声援
        聚众 进京 绝食 集体讨薪 游\u200b行 ｐｒｏｔｅｓｔ
        protest|protests|PROTEST|protesters|rally|rallies|march|marches|demonstration|demonstrators
        sit-in|strike|strikers
        picket|petition|riot|unrest|uprising|mob|crowd|boycott|occupy|blockade|vigil|hunger strike
        flash mob|gathering
        mobilisation|trade union|civil disobedience|mass incident|walkout|parade|banners|assembly|dissent""",
    "election": """
        选举 選舉 投票 选票 候选人 竞选 罢免 改选 换届 选民 贿选 拉票 公投 投票站 计票 人大代表 参选
        政党 初选 连任
        election|elections|vote|votes|voters|voting|ballot|candidate|candidates|campaign
        polling station|referendum
        primaries|turnout|gerrymandering|caucus|political party|democrat|republican|impeachment
        recall election""",
    "tone": "负面情绪 批评政府 抹黑 谣言 敏感词 不满情绪 anger|criticism|negative sentiment|rumours|slander|insults",
}


def _split(text: str) -> list[str]:
    """Cut lines at bars, and at spaces where the line has Han characters."""
    terms: list[str] = []
    for line in text.strip().splitlines():
        for part in line.strip().split("|"):
            terms += part.split() if any("\u4e00" <= letter <= "\u9fff" for letter in part) else [part]
    return terms


REFUSED = [(kind, term) for kind, text in _WORDS.items() for term in _split(text) if term]
REFUSED += [("assembly", "游 行"), ("assembly", "示-威"), ("person", "张 伟")]

_MATTERS = """
停水 停电 水管 自来水 水压 黄水 井盖 路灯 红绿灯 斑马线 公交改线 地铁站 高铁站 停车 停车费 违停
电动车 充电桩 消防通道 物业费 业委会 电梯
漏水 渗水 烂尾楼 房产证 拆迁补偿 安置房 公租房 暖气 供暖 燃气 天然气 噪音 夜间施工 扬尘 渣土车 油烟
垃圾 垃圾站 污水 黑臭水体 异味 积水
内涝 食堂 餐费 学位 入学 学区 校车 校服费 疫苗 医院 挂号 医保 社保 公积金 养老金 低保 拖欠工资 欠薪
加班费 工伤 化肥 灌溉 农田 土地确权 宅基地
温泉 白云 金龙 李子 杨梅 胡同 周边 黄河路 马拉松 高尔夫 龙卷风 民族路 民族小学 教堂街 回族自治县
清真街 王府井 张江 周庄 罗湖 石油 高温 雷雨
广场舞 流浪狗 蚊子 树木倒伏 网络故障 基站 快递 外卖 菜市场 景区 公园 公厕
no water|water main|burst pipe|power cut|street light|potholes|pothole|graffiti|bus route|bus stop
school meals|class size
noise at night|rubbish|bin collection|recycling|parking|parking meter|flooding|gas smell|lift broken
unpaid wages|heating
Dock Road|Mill Lane|Jane Street|Lincoln Avenue|St John Street|snow|sidewalk|tree|illegal dumping
traffic light|speeding
housing benefit|rent|eviction|hospital waiting time|clinic|vaccination|library hours|playground
dog fouling|rats|mould
broadband|planning permission|building works|dust|sewage|drain|air quality|school bus|tuition fees
pension|childcare
"""
MATTERS = _split(_MATTERS)
