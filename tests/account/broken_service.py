"""usage: broken_service.py mute|prompt|die: a Secret Service that misbehaves; prints `ready` once it owns the name.

mute    never answers anything
prompt  is locked; to unlock, it shows a prompt that nobody ever answers
die     is locked; ends when it is asked to unlock
"""

from __future__ import annotations

import sys

from jeepney import HeaderFields, Message, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

COLLECTION = "/org/freedesktop/secrets/collection/login"
PROPERTIES = {
    "Locked": ("b", True),
    "Label": ("s", "login"),
    "Collections": ("ao", [COLLECTION]),
    "Items": ("ao", []),
}
NOTHING_MORE = "org.freedesktop.DBus.Error.UnknownMethod"


def answer(call: Message, mode: str) -> Message:
    member = call.header.fields[HeaderFields.member]
    if member == "Get" and call.body[1] in PROPERTIES:
        return new_method_return(call, "v", (PROPERTIES[call.body[1]],))
    if member == "Unlock":
        if mode == "die":
            sys.exit(0)
        return new_method_return(call, "aoo", ([], "/org/freedesktop/secrets/prompt/p1"))
    if member == "Prompt":
        return new_method_return(call)
    return new_error(call, NOTHING_MORE)


def serve(mode: str) -> None:
    with open_dbus_connection() as bus:
        bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
        print("ready", flush=True)  # noqa: T201 - the sign that the test waits for
        while True:
            message = bus.receive()
            if message.header.message_type is MessageType.method_call and mode != "mute":
                bus.send(answer(message, mode))


serve(sys.argv[1])
