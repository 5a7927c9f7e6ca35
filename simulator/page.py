"""The phones page, and each person's browser inside it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from simulator import mass
from simulator.ask import ApiError
from simulator.desk import current_desk
from simulator.problems import Problem

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def phones() -> ResponseReturnValue:
    """The phones beside the merchant's console."""
    return render_template("phones.html", settings=current_desk().settings)


@blueprint.get("/articles/<media_id>/<int:number>")
def article(media_id: str, number: int) -> ResponseReturnValue:
    """An article that was sent to many."""
    try:
        found = mass.draft(current_desk(), media_id)[number]
    except (ApiError, IndexError) as error:
        raise Problem(404, "no such article") from error
    text = render_template("article.html", article=found)
    return text, {"Content-Security-Policy": "default-src 'none'; img-src * data:; style-src 'unsafe-inline'"}
