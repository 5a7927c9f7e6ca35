"""XML: bytes from outside become fields under strict rules, our fields become harmless XML."""

import re
from typing import Any

from lxml import etree

#: What a field may hold: a text, or (in events) fields and lists of fields.
Fields = dict[str, Any]

_MOST_FIELDS = 128
_DEEPEST = 6
#: Characters that XML 1.0 cannot carry; WeChat lets people send them all the same.
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Nothing but a declaration may stand before <xml>: that is where a DTD would be.
_PROLOG = re.compile(
    r"(?i:\ufeff?\s*(?:<\?xml\s+version=[\"']1\.0[\"'](?:\s+encoding=[\"']utf-?8[\"'])?(?:\s+standalone=[\"'](?:yes|no)[\"'])?"
    r"\s*\?>\s*)?)(?=<xml>)"
)
_MAY_REPEAT = frozenset({"item", "List"})


class BadMarkup(Exception):
    """Not the XML that WeChat sends; the reason is for logs."""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=False,
        remove_pis=False,
    )


_PARSER = _parser()


def read(raw: bytes) -> Fields:
    """The fields under ``<xml>``: flat texts, each name once; nested ones as dicts. BadMarkup for anything else."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadMarkup("not UTF-8") from error
    if "\x00" in text:
        raise BadMarkup("a NUL")
    prolog = _PROLOG.match(text)
    if prolog is None:
        raise BadMarkup("does not begin with <xml>")
    text = text[prolog.end() :]
    if not text.isprintable():
        text = _CONTROLS.sub("", text)
    try:
        root = etree.fromstring(text.encode(), _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadMarkup("not well-formed") from error
    return _fields(root, 1)


def _fields(element: Any, depth: int) -> Fields:
    if depth > _DEEPEST or len(element) > _MOST_FIELDS:
        raise BadMarkup("too deep or too many fields")
    fields: Fields = {}
    for child in element:
        name = child.tag
        if not isinstance(name, str):
            raise BadMarkup("a comment, instruction or entity")
        value: Any = _fields(child, depth + 1) if len(child) else child.text or ""
        if name not in fields:
            fields[name] = [value] if name in _MAY_REPEAT and depth > 1 else value
        elif name in _MAY_REPEAT and depth > 1:
            fields[name].append(value)
        else:
            raise BadMarkup("a repeated field")
    return fields


def cdata(text: str) -> str:
    """Any text as character data that cannot break out: no control characters, no early end."""
    if not text.isprintable():
        text = _UNPRINTABLE.sub("", text)
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
