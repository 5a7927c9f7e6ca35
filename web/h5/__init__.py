"""Pages for distributors on their phones: confirming a receipt, reading the rules."""

from web.h5.pages import h5 as h5
