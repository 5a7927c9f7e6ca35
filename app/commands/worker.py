"""`fenxiao worker`: the clock and the outbox."""

from app import garbage
from app.commands.start import refuse_old_schema, start
from app.lifeline import die_with_parent
from app.worker import runner


def work() -> None:
    """Do what falls due until SIGTERM; refuses an old database schema."""
    die_with_parent()
    container = start()
    refuse_old_schema(container)
    worker = runner(container)
    garbage.settle()
    worker.run_forever()
