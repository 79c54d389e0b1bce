"""A stand-in for ssh and the host behind it: speaks SFTP version 3 (draft-ietf-secsh-filexfer-02) on its own input and output.

Keeps what it was called with beside the folder it serves; both come from STAND_IN. Only what putting files needs is there.
"""

import os
import struct
import sys
from pathlib import Path

ROOT = Path(os.environ["STAND_IN"])
OK, MISSING, FAILURE, UNSUPPORTED = 0, 2, 4, 8


def read(count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = sys.stdin.buffer.read(count - len(found))
        if not more:
            sys.exit(0)
        found += more
    return found


def send(kind: int, body: bytes) -> None:
    sys.stdout.buffer.write(struct.pack(">IB", len(body) + 1, kind) + body)
    sys.stdout.buffer.flush()


def text(value: str) -> bytes:
    return struct.pack(">I", len(value.encode())) + value.encode()


class Reader:
    def __init__(self, body: bytes) -> None:
        self.body = body

    def number(self, kind: str = ">I"):
        size = struct.calcsize(kind)
        found, self.body = struct.unpack(kind, self.body[:size])[0], self.body[size:]
        return found

    def bytes(self) -> bytes:
        size = self.number()
        found, self.body = self.body[:size], self.body[size:]
        return found

    def place(self) -> Path:
        return ROOT / self.bytes().decode().lstrip("/")


def status(number: int, code: int) -> None:
    send(101, struct.pack(">II", number, code) + text("") + text(""))


def attributes(path: Path) -> bytes:
    return struct.pack(">IQI", 1 | 4, path.stat().st_size, path.stat().st_mode)


OPEN = {}


def greet(_number: int, _rest: Reader) -> None:
    send(2, struct.pack(">I", 3))


def real_path(number: int, rest: Reader) -> None:
    path = rest.bytes().decode()
    shown = text("/" if path in {"", "."} else path)
    send(104, struct.pack(">II", number, 1) + shown + shown + struct.pack(">I", 0))


def look(number: int, rest: Reader) -> None:
    path = rest.place()
    if path.exists():
        send(105, struct.pack(">I", number) + attributes(path))
    else:
        status(number, MISSING)


def make_folder(number: int, rest: Reader) -> None:
    path = rest.place()
    done = path.parent.is_dir() and not path.exists()
    if done:
        path.mkdir()
    status(number, OK if done else FAILURE)


def begin(number: int, rest: Reader) -> None:
    path = rest.place()
    if path.parent.is_dir():
        OPEN[str(path)] = path.open("wb")
        send(102, struct.pack(">I", number) + text(str(path)))
    else:
        status(number, MISSING)


def write(number: int, rest: Reader) -> None:
    file = OPEN[rest.bytes().decode()]
    file.seek(rest.number(">Q"))
    file.write(rest.bytes())
    status(number, OK)


def end(number: int, rest: Reader) -> None:
    OPEN.pop(rest.bytes().decode()).close()
    status(number, OK)


def agree(number: int, _rest: Reader) -> None:
    status(number, OK)


def refuse(number: int, _rest: Reader) -> None:
    status(number, UNSUPPORTED)


VERBS = {1: greet, 3: begin, 4: end, 6: write, 7: look, 9: agree, 10: agree, 14: make_folder, 16: real_path, 17: look}


def main() -> None:
    (ROOT.parent / "called").write_text("\n".join(sys.argv[1:]))
    if os.environ.get("STAND_IN_FAILS"):
        sys.stderr.write("Host key verification failed.\n")
        sys.exit(255)
    while True:
        (size,) = struct.unpack(">I", read(4))
        body = read(size)
        rest = Reader(body[1:])
        VERBS.get(body[0], refuse)(rest.number(), rest)


if __name__ == "__main__":
    main()
