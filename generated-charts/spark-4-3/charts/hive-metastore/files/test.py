"""Asks the metastore for its databases over Thrift's binary protocol and expects `default` among them."""

import os
import socket
import struct
import sys


def read(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            sys.exit("the metastore closed the connection")
        data += more
    return data


def text(connection):
    return read(connection, struct.unpack(">i", read(connection, 4))[0]).decode()


name = b"get_all_databases"
with socket.create_connection((os.environ["HOST"], 9083), timeout=30) as connection:
    connection.settimeout(60)
    # A call of version 1, its name, sequence number 1, no arguments.
    connection.sendall(struct.pack(">Ii", 0x80010001, len(name)) + name + struct.pack(">ib", 1, 0))
    kind = struct.unpack(">I", read(connection, 4))[0] & 0xFF
    text(connection)
    read(connection, 4)
    if kind != 2:
        sys.exit(f"the metastore answered with message type {kind}, not with a reply")
    field, number = struct.unpack(">bh", read(connection, 3))
    if (field, number) != (15, 0):
        sys.exit("the metastore answered with an exception")
    _, count = struct.unpack(">bi", read(connection, 5))
    databases = [text(connection) for _ in range(count)]
print("databases:", " ".join(databases))
sys.exit(0 if "default" in databases else 1)
