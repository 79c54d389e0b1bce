"""How people are found without opening anything: by the exact value of an identifying field, or by a name that is like it.

A name is looked for in the index of blind tokens, at most a few hundred places whatever the size of the store; what is
found there is compared by what each item keeps beside its token (``likeness``). Nobody is chosen: the candidates go to a
person, with how sure each is and why.
"""

from __future__ import annotations

from collections.abc import Iterable

from gestand.kernel.crypto import permute, unpermute
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import SubjectId
from gestand.statement.policy import FieldKind
from gestand.vault.likeness import Wanted
from gestand.vault.model import Candidate
from gestand.vault.place import item_id, subject_id
from gestand.vault.room import Room
from gestand.vault.sealing import TOKEN_SIZE, bare_token

_MOST_COMPARED = 2_000
"""Items compared in one search, the likeliest first: who has a name that thousands have must be asked for more of it."""


def find_many(room: Room, pairs: Iterable[tuple[FieldKind, str]]) -> dict[tuple[FieldKind, str], tuple[SubjectId, ...]]:
    """Find subjects by exact values; see ``Vault.find_many``."""
    asked = list(dict.fromkeys(pairs))
    bare = [bare_token(room.index_key, kind, value) for kind, value in asked]
    mapped = permute(room.token_key(), b"".join(token for token in bare if token))
    tokens = iter([mapped[at : at + TOKEN_SIZE] for at in range(0, len(mapped), TOKEN_SIZE)])
    places = [next(tokens) if token else b"" for token in bare]
    found = room.store.find_many([token for token in places if token])
    return {pair: tuple(map(subject_id, found.get(token, ()))) for pair, token in zip(asked, places, strict=True)}


def find_like(room: Room, text: str, *, most: int) -> tuple[Candidate, ...]:
    """Find subjects by a name that is like theirs; see ``Vault.find_like``."""
    wanted = Wanted(room.index_key, text)
    near = wanted.near()
    if not near:
        raise UsageError(
            "name-without-letters",
            "there is no family name in this to look for",
            remedy="Give a name, such as 'J.P. van der Berg'; look for numbers and addresses without --like.",
        )
    found: dict[bytes, Candidate] = {}
    for tokens in ([wanted.exact()], near, wanted.far()):
        for candidate, subject in _candidates(room, wanted, tokens):
            known = found.get(subject)
            if known is None or candidate.confidence > known.confidence:
                found[subject] = candidate
        if len(found) >= most:
            break
    return tuple(sorted(found.values(), key=lambda one: (-one.confidence, one.subject))[:most])


def _candidates(room: Room, wanted: Wanted, tokens: list[bytes]) -> Iterable[tuple[Candidate, bytes]]:
    asked = [token for token in tokens if token]
    key = room.token_key()
    mapped = permute(key, b"".join(asked))
    places = [mapped[at : at + TOKEN_SIZE] for at in range(0, len(mapped), TOKEN_SIZE)]
    rows = list(room.store.places_of(places, _MOST_COMPARED))
    bare = unpermute(key, b"".join(kept for _, _, kept in rows))  # all at once: one by one costs as much as comparing
    end = 0
    for subject, number, kept in rows:
        start, end = end, end + len(kept)
        judged = wanted.likeness(bare[start:end], subject, number)
        if judged is not None:
            owner = subject_id(subject)
            yield Candidate(owner, item_id(owner, number), judged.confidence, judged.why), subject
