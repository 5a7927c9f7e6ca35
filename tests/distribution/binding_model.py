"""A customer's binding in a few lines, hours as whole numbers: what the shop is compared with."""

from dataclasses import dataclass, field

DAY = 24


@dataclass
class BindingModel:
    """The README's words, told once more; ``owner`` and ``ends`` are None while free or without an end."""

    mode: str
    compete: str
    renew: bool
    owner: str | None = None
    began: int = 0
    ends: int | None = None
    locked: bool = False
    invited: tuple[str, int] | None = None
    orders: list[str | None] = field(default_factory=list)

    def bind(self, who: str, hour: int) -> None:
        self.owner, self.began, self.locked = who, hour, False
        self.ends = hour + 30 * DAY if self.mode == "window" else None

    def take(self, hour: int, deed: str, who: str | None = None) -> None:
        if self.ends is not None and hour >= self.ends:
            self.owner = self.ends = None
            self.locked = False
        getattr(self, deed)(hour, who)

    def click(self, hour: int, who: str) -> None:
        if self.owner is None:
            self.bind(who, hour)
        elif who != self.owner and not self.locked:
            if self.mode in ("last_click", "first_order"):
                self.bind(who, hour)
            elif self.mode == "window" and hour >= self.began + 15 * DAY:
                if self.compete == "click":
                    self.bind(who, hour)
                else:
                    self.invited = (who, hour + DAY)

    def order(self, hour: int, _: None) -> None:
        if self.invited and hour < self.invited[1]:
            self.bind(self.invited[0], hour)
        elif self.owner and self.mode == "window" and self.renew:
            self.bind(self.owner, hour)
        self.locked = self.owner is not None and self.mode == "first_order"
        self.invited = None
        self.orders.append(self.owner)

    def unbind(self, hour: int, _: None) -> None:
        self.owner = self.ends = self.invited = None
        self.locked = False

    def transfer(self, hour: int, who: str) -> None:
        locked = self.locked
        self.bind(who, hour)
        self.locked, self.invited = locked, None
