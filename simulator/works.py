"""Every kind of due work and who does it."""

from simulator.agenda import Work
from simulator.mass import run_mass
from simulator.pay_notices import run_notice
from simulator.push import run_event
from simulator.transfers import run_step

WORKS: dict[str, Work] = {"event": run_event, "mass": run_mass, "notice": run_notice, "transfer": run_step}
