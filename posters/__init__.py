"""Posters: facts in, JPEG or PNG bytes out."""

from posters.catalogue import TEMPLATES
from posters.checking import Problem, check_template
from posters.facts import PosterError, PosterFacts
from posters.fonts import configure
from posters.render import prepare, render

__all__ = ["TEMPLATES", "PosterError", "PosterFacts", "Problem", "check_template", "configure", "prepare", "render"]
