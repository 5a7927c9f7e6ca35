"""What granian serves: the web application of the configuration."""

from app import garbage
from app.assembly import web_application
from app.commands.start import start
from app.lifeline import die_with_parent

die_with_parent()
application = web_application(start())
garbage.settle()
