"""The worker put together from a configuration."""

from app_settings import SETTINGS

from app.config import Settings
from app.container import Container
from app.worker import parts
from posters import PosterFacts

FACTS = PosterFacts("阿胶糕", 8900, "小雅", "每天两片", "http://weixin.qq.com/q/02Ab")


def test_what_a_worker_prepares_is_kept_where_every_worker_finds_it(tmp_path) -> None:
    folder = tmp_path / "posters"
    settings = Settings(**SETTINGS, database={"url": f"sqlite:///{tmp_path / 'a'}"}, posters={"folder": str(folder)})
    container = Container(settings)
    parts(container).prepare(FACTS)
    assert len(list(folder.glob("??/*.sheet"))) == 1
    parts(container).draw(FACTS)
    assert (len(list(folder.glob("??/*.sheet"))), len(list(folder.glob("??/*.jpg")))) == (1, 1)
    container.close()
