"""The mouth: one module per subject; ROUTERS lists them in the order they are asked."""

from handlers import (
    customers,
    dealers,
    earnings,
    events,
    menu,
    next_steps,
    orders,
    posters,
    rank,
    registration,
    rules,
    team,
    why,
    withdrawals,
)

ROUTERS = (
    events.router,
    next_steps.router,
    registration.router,
    posters.router,
    earnings.router,
    withdrawals.router,
    orders.router,
    why.router,
    dealers.router,
    customers.router,
    team.router,
    rank.router,
    rules.router,
    menu.router,
)
