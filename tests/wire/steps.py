"""What a server does with a connection, step by step; what toxiproxy calls toxics are all among it.

latency      Pause
bandwidth    Slices, with a pause after each
slow_close   an answer, and "hang"
timeout      "hang"
reset_peer   "reset"
slicer       Slices
limit_data   a part of an answer, and "close"
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass

_RESET_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is said for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Slices:
    """Bytes that leave in pieces, each on its own."""

    data: bytes
    size: int
    """Bytes."""
    pause: float = 0.0
    """Seconds after each."""


Step = bytes | str | Pause | Slices
"""Bytes are sent. "reset" and "close" end the connection, "hang" says nothing more, "drip" sends blanks for ever, "hear"
waits until something is said, whatever it is."""

Script = tuple[Step, ...]

ENDS = ("reset", "close")


async def perform(step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Do one step; it is over when the other side has what was sent, or was told that nothing more comes."""
    match step:
        case bytes():
            writer.write(step)
            await writer.drain()
        case Slices(data, size, pause):
            for start in range(0, len(data), size):
                writer.write(data[start : start + size])
                await writer.drain()
                await asyncio.sleep(pause)
        case Pause(seconds):
            await asyncio.sleep(seconds)
        case str():
            await _NAMED[step](reader, writer)


async def _hear(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def _hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def _reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
    writer.transport.abort()


async def _close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


_NAMED = {"hear": _hear, "hang": _hang, "drip": _drip, "reset": _reset, "close": _close}
