"""`fenxiao posters`: everybody's posters drawn ahead, with a progress bar; stopped, it goes on where it was."""

import typer

from app.commands.start import refuse_old_schema, start
from app.failure import Failure
from app.worker import parts
from distribution import campaign_posters, merchants, poster_batches, products
from distribution.refusals import Code, Refusal
from models.database import Session
from scheduler.poster_batches import draw_all


def draw(*, campaign: int | None, sku: str | None, purpose: str) -> None:
    """Draw the posters of all active distributors, of a campaign's people alone if given; Failure if some were not."""
    container = start()
    refuse_old_schema(container)
    now = container.clock.now()

    def begin(session: Session) -> tuple[int, int]:
        shop = merchants.first(session)
        if shop is None:
            raise Refusal(Code.NOT_FOUND, what="merchant")
        product_id = _product(session, shop.id, sku) if sku else None
        aim = "product" if sku else purpose
        if campaign is not None and not sku and campaign_posters.has_one(session, campaign):
            aim = "campaign"
        row = poster_batches.start(
            session, shop.id, purpose=aim, product_id=product_id, campaign_id=campaign, by="system", now=now
        )
        return row.id, row.total

    batch_id, total = container.database.write(begin)
    with typer.progressbar(length=total, label="海报") as bar:
        draw_all(parts(container), batch_id, told=lambda done: bar.update(done - bar.pos))
    with container.database.reading() as session:
        batch = poster_batches.get(session, batch_id)
    typer.echo(f"画好 {batch.done} 张")
    if batch.failed:
        raise Failure(f"{batch.failed} 张没画成，原因在日志里")


def _product(session: Session, merchant_id: int, sku: str) -> int:
    found = [row for row in products.of_merchant(session, merchant_id, words=sku) if row.sku == sku]
    if not found:
        raise Refusal(Code.UNKNOWN_PRODUCT)
    return found[0].id
