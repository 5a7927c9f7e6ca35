"""`python -m app` is `fenxiao`."""

from app.cli import main

main()
