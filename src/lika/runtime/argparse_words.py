"""What argparse says, in Chinese.

argparse asks `gettext` for its words by the names `_` and `ngettext` of its own module, and Python ships no Chinese
catalogue. Giving it one there reaches every parser and sub-parser, Django's too; a parser class would not reach the
heading, usage and errors that argparse composes outside of it. What a later Python says in other words stays English.
"""

import argparse
import gettext

_CHINESE = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "subcommands": "子命令",
    "show this help message and exit": "显示本说明",
    "show program's version number and exit": "显示版本号",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少必填参数：%s",
    "one of the arguments %s is required": "必须给出其中之一：%s",
    "unrecognized arguments: %s": "无法识别的参数：%s",
    "not allowed with argument %s": "不能与 %s 同时使用",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是 %(matches)s",
    "ignored explicit argument %r": "此处不应有值 %r",
    "expected one argument": "应有一个值",
    "expected at most one argument": "最多一个值",
    "expected at least one argument": "至少一个值",
    "expected %s argument": "应有 %s 个值",
    "expected %s arguments": "应有 %s 个值",
    "invalid choice: %(value)r (choose from %(choices)s)": "不能是 %(value)r，可选：%(choices)s",
    "invalid %(type)s value: %(value)r": "值 %(value)r 不符合要求（%(type)s）",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "没有 %(parser_name)r，可选：%(choices)s",
    "can't open '%(filename)s': %(error)s": "无法打开 %(filename)s：%(error)s",
    " (default: %(default)s)": "（默认 %(default)s）",
}


def speak(language: str) -> None:
    """Give argparse the words of a language: Chinese for "zh-hans", else its own."""
    if language == "zh-hans":
        vars(argparse).update(_=_chinese, ngettext=_chinese_count)
    else:
        vars(argparse).update(_=gettext.gettext, ngettext=gettext.ngettext)


def _chinese(message: str) -> str:
    return _CHINESE.get(message, message)


def _chinese_count(singular: str, plural: str, n: int) -> str:
    return _chinese(singular if n == 1 else plural)
