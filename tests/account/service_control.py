"""usage: service_control.py wait|lock: wait until the Secret Service is on the bus; lock all its collections."""

from __future__ import annotations

import sys

from jeepney import DBusAddress, HeaderFields, MatchRule, Properties, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.secrets"
SERVICE = DBusAddress("/org/freedesktop/secrets", NAME, "org.freedesktop.Secret.Service")


def wait(bus: DBusConnection) -> None:
    rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    rule.add_arg_condition(0, NAME)
    with bus.filter(rule, bufsize=10) as changes:
        bus.send_and_get_reply(message_bus.AddMatch(rule))
        owned = bus.send_and_get_reply(message_bus.NameHasOwner(NAME)).body[0]
        while not owned:
            owned = bool(bus.recv_until_filtered(changes, timeout=10).body[2])


def lock(bus: DBusConnection) -> None:
    ((_, collections),) = bus.send_and_get_reply(Properties(SERVICE).get("Collections")).body
    answer = bus.send_and_get_reply(new_method_call(SERVICE, "Lock", "ao", (collections,)))
    assert HeaderFields.error_name not in answer.header.fields, answer.body


with open_dbus_connection() as connection:
    {"wait": wait, "lock": lock}[sys.argv[1]](connection)
