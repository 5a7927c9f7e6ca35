"""The templates that come with the house, read from their documents when first asked for."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from posters.design import Design
from posters.documents import read
from posters.facts import KINDS, PosterError, PosterFacts

_FOLDER = Path(__file__).parent / "templates"


class _Templates(Mapping[str, Design]):
    """Template name → design; "clean" comes first."""

    def __getitem__(self, name: str) -> Design:
        if name not in _names():
            raise KeyError(name)
        return _read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_names())

    def __len__(self) -> int:
        return len(_names())


TEMPLATES: Mapping[str, Design] = _Templates()


def design_of(facts: PosterFacts) -> Design:
    """The design these facts are drawn in; PosterError when it is unknown or not for this kind."""
    if facts.design is None and facts.template not in TEMPLATES:
        raise PosterError("template", f"没有“{facts.template}”这个模板，可用：{'、'.join(TEMPLATES)}")
    design = facts.design or TEMPLATES[facts.template]
    if facts.kind not in KINDS:
        raise PosterError("kind", f"没有“{facts.kind}”这种海报，可用：{'、'.join(KINDS)}")
    if facts.kind not in design.kinds:
        fitting = [name for name, each in TEMPLATES.items() if facts.kind in each.kinds]
        raise PosterError("template", f"“{design.title}”不画这种海报（{facts.kind}），可用：{'、'.join(fitting)}")
    return design


@cache
def _names() -> tuple[str, ...]:
    found = sorted(path.stem for path in _FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda name: (name != "clean", name)))


@cache
def _read(name: str) -> Design:
    told = document(name)
    picture = told.get("background")
    return read(name, told, (_FOLDER / picture).read_bytes() if picture else None)


def document(name: str) -> dict[str, Any]:
    """A template's document; `like` takes everything it does not say itself from another."""
    own = tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
    if "like" not in own:
        return own
    other = document(own.pop("like"))
    return other | own | {"colours": other["colours"] | own.get("colours", {})}
