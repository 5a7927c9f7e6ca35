"""Words of a chat message that are said by tapping them; a number before them works as well."""


def tap(word: str, number: int = 0) -> str:
    """The word, with its number if it has one; tapping it says the word."""
    shown = f"{number} {word}" if number else word
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={word}&msgmenuid={100 + number}">{shown}</a>'
