"""Words of courtesy around a wish: they are no part of it."""

import re

from bot.understanding.lexicon import compiled
from bot.understanding.normal import Plain

#: Less than this is no wish any more.
_LEAST = 2
_HELLO = r"(?:你|您)们?好|哈喽|哈罗|嗨"
_MAY_I_ASK = (
    r"劳驾|烦请|烦劳|有劳|请问(?:一?下|您|你们)?|(?:我)?想?(?:请)?(?:问|咨询|了解)(?:一下|一问|问|下(?![周个星礼月级线])|哈)"
    r"|麻烦(?:问)?(?:一下|下(?![周个星礼月])|你|您)?"
)
#: These are words of their own unless a pause follows.
_CALLED = r"在吗|在不在|有人吗|亲们?|老板娘?|老师|小禾|小助手|客服|机器人|那个(?:啥|什么)?|喂|额|哦"
_PAUSE = r"[,。!~:\s]"
_BEFORE = re.compile(
    rf"(?:(?:{_HELLO}|{_MAY_I_ASK}|(?:哎|嗯|诶|唉|呃)+)[呀啊哈]?{_PAUSE}*|(?:{_CALLED})[呀啊哈]?{_PAUSE}+)+"
)
_LOOK = re.compile(rf"(?:你|您)?(?:帮我|给我|帮忙|麻烦)*(?:看看|看一?下|瞧瞧|查查|查一?下)[哈呀啊]?{_PAUSE}+")
_THANKS = (
    r"谢谢(?:你|您|啦|了)?|多谢|感谢|辛苦(?:了|啦)|麻烦(?:了|啦|你了)|拜托(?:了)?|在线等|(?<![应救着不])急+|急用"
    r"|(?:请|麻烦)?(?:尽快|赶快|快点|快些|早点)(?:到账|处理|打款|办理|给我)?"
    r"|(?<![卡宝])(?:好吗|可以吗|行吗|好不好)"
)
_PARTICLES = r"[呀啊哈哦噢喔哟]|(?<![花借])呗|(?<![不没好])吧"
_AFTER = re.compile(rf"(?:{_PAUSE}*(?:{_THANKS})|(?:{_PARTICLES}|{_PAUSE})+)+$")
#: After a question 呢 says nothing more; elsewhere it asks what became of something.
_AFTER_A_QUESTION = re.compile(rf"(?:{_PAUSE}*(?:{_THANKS})|(?:{_PARTICLES}|呢|{_PAUSE})+)+$")
_QUESTION = re.compile(r"多少|什么|怎|咋|哪|几|谁|啥|吗|多久")


def without_courtesy(heard: Plain) -> Plain:
    """``heard`` without greetings before and thanks after it; unchanged when nothing else is said."""
    before = _BEFORE.match(heard.text)
    start = before.end() if before else 0
    look = _LOOK.match(heard.text, start)
    if look and not compiled("{take}").search(heard.text):  # to look at money is not to take it
        start = look.end()
    after = (_AFTER_A_QUESTION if _QUESTION.search(heard.text) else _AFTER).search(heard.text, start)
    end = after.start() if after else len(heard.text)
    if end - start < _LEAST or end - start == len(heard.text):
        return heard
    same = len(heard.said) == len(heard.text)
    return Plain(heard.said[start:end] if same else heard.said, heard.text[start:end])
