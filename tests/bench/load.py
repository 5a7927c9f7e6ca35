"""A small load generator: many keep-alive connections, each sending the next ready-made request as soon as it may."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Result:
    """What came back, and how long each took (seconds)."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    failed: int = 0
    sample: bytes = b""

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return len(self.taken) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        return statistics.quantiles(self.taken, n=1000)[min(998, int(share * 1000) - 1)]


def drive(port: int, requests: Iterator[bytes], *, connections: int, seconds: float, rate: float = 0.0) -> Result:
    """Send for so long: as fast as answers come, or at ``rate`` a second, counting from when each was due."""
    return asyncio.run(_drive(port, requests, connections=connections, seconds=seconds, rate=rate))


async def _drive(port: int, requests: Iterator[bytes], *, connections: int, seconds: float, rate: float) -> Result:
    result = Result()
    began = time.perf_counter()
    until, due = began + seconds, _due(began, rate)
    await asyncio.gather(*(_send(port, requests, due, until, result) for _ in range(connections)))
    result.seconds = time.perf_counter() - began
    return result


async def _send(port: int, requests: Iterator[bytes], due: Iterator[float], until: float, result: Result) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        start = next(due)
        if start > until or time.perf_counter() > until:
            break
        if start:
            await asyncio.sleep(max(0.0, start - time.perf_counter()))
        start = start or time.perf_counter()
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        if head.startswith(b"HTTP/1.1 200") and len(body) > 20:
            result.taken.append(time.perf_counter() - start)
            result.sample = body
        else:
            result.failed += 1
    writer.close()


def _due(began: float, rate: float) -> Iterator[float]:
    number = 0
    while True:
        yield began + number / rate if rate else 0.0
        number += 1


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
