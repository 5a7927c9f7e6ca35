"""The merchant's pages: server-rendered, no script needed."""

from web.console.pages import console as console
