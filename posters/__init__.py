"""Posters: facts in, JPEG or PNG bytes out."""

from posters.facts import PosterError, PosterFacts
from posters.fonts import configure
from posters.palettes import TEMPLATES
from posters.render import render

__all__ = ["TEMPLATES", "PosterError", "PosterFacts", "configure", "render"]
