"""The business: what a merchant would recognise, in a merchant's words."""
