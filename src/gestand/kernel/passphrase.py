"""A root key sealed under a passphrase: Argon2id (RFC 9106) makes the key that seals it. The passphrase is never kept.

    gestand-passphrase-1
    argon2id t=3 m=65536 p=4 salt=<32 hexadecimal digits>       passes, KiB, lanes
    sealed=<hexadecimal digits>                                 AES-256-GCM, bound to the line above

The root key itself is random, so that the passphrase can be changed without sealing everything anew.
"""

from __future__ import annotations

import re

from gestand.kernel.crypto import KEY_SIZE, NONCE_SIZE, Sealer
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import DamagedError, UsageError

_FIRST = "gestand-passphrase-1"
_PASSES, _KIB, _LANES = 3, 65_536, 4  # RFC 9106 section 4, the second recommendation: for machines with little memory
_SALT_SIZE = 16
_SHORTEST = 12
_PARAMETERS = re.compile(r"argon2id t=([1-9]\d?) m=([1-9]\d{3,6}) p=([1-9]\d?) salt=([0-9a-f]{32})")


def seal_root(key: bytes, passphrase: str, *, entropy: Entropy) -> str:
    """Return the file that holds ``key`` sealed under ``passphrase``.

    :raises UsageError: ``passphrase-short`` below twelve characters.
    """
    if len(passphrase) < _SHORTEST:
        raise UsageError(
            "passphrase-short",
            f"a passphrase of {len(passphrase)} characters can be guessed",
            remedy="Take five or more words that have nothing to do with each other.",
        )
    parameters = f"argon2id t={_PASSES} m={_KIB} p={_LANES} salt={entropy(_SALT_SIZE).hex()}"
    sealed = _sealer(parameters, passphrase).seal(key, _bound(parameters), entropy(NONCE_SIZE))
    return f"{_FIRST}\n{parameters}\nsealed={sealed.hex()}\n"


def open_sealed_root(text: str, passphrase: str, where: str) -> bytes:
    """Return the root key in a file made by ``seal_root``.

    :raises UsageError: ``passphrase-file`` if it is no such file, ``passphrase-wrong`` if the passphrase does not open it.
    """
    lines = text.splitlines()
    sealed = b""
    if len(lines) == 3 and lines[0] == _FIRST and _PARAMETERS.fullmatch(lines[1]) and lines[2].startswith("sealed="):
        try:
            sealed = bytes.fromhex(lines[2].removeprefix("sealed="))
        except ValueError:
            sealed = b""
    if not sealed:
        raise UsageError(
            "passphrase-file",
            "this is no root key sealed under a passphrase",
            where=where,
            remedy="Put the file back from your backup of keys, or make it again from your emergency envelope.",
        )
    try:
        key = _sealer(lines[1], passphrase).open(sealed, _bound(lines[1]), where)
    except DamagedError:
        raise UsageError(
            "passphrase-wrong",
            "the passphrase does not open the root key, or the file was changed",
            where=where,
            remedy="Type it again; if it is lost, take the root key from your emergency envelope.",
        ) from None
    if len(key) != KEY_SIZE:
        raise UsageError("passphrase-file", "what is sealed here is no root key", where=where, remedy="Put it back.")
    return key


def _sealer(parameters: str, passphrase: str) -> Sealer:
    from argon2.low_level import Type, hash_secret_raw

    found = _PARAMETERS.fullmatch(parameters)
    assert found is not None
    passes, kib, lanes = int(found[1]), int(found[2]), int(found[3])
    key = hash_secret_raw(
        passphrase.encode("utf-8", "surrogatepass"), bytes.fromhex(found[4]), passes, kib, lanes, KEY_SIZE, Type.ID
    )
    return Sealer(key)


def _bound(parameters: str) -> bytes:
    return b"gestand/root/1\x00" + parameters.encode("ascii")
