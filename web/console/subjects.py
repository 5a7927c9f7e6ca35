"""Every subject of the console."""

from web.console import (
    applications,
    books,
    campaigns,
    customers,
    distributors,
    home,
    levels,
    materials,
    merchants,
    orders,
    products,
    rules,
    staff,
    trial,
    withdrawals,
)
from web.console.visit import Subject

SUBJECTS: tuple[Subject, ...] = (
    home.subject,
    applications.subject,
    distributors.subject,
    customers.subject,
    levels.subject,
    rules.subject,
    trial.subject,
    orders.subject,
    products.subject,
    materials.subject,
    campaigns.subject,
    withdrawals.subject,
    books.subject,
    books.own_subject,
    merchants.subject,
    staff.subject,
)
