"""The ids that the vault gave, as a client keeps them: a subject's of each user, and which item of it a record is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from gestand.kernel.ids import ItemId, SubjectId


class Ids:
    """Ids by user and by record. A subject's items are numbered from 1 in the order in which they were given."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.users = 1
        self.subjects: dict[int, SubjectId] = {}
        self._placed: dict[int, tuple[int, int]] = {}  # user and number of a record that stands elsewhere than expected
        self._later: dict[int, ItemId] = {}
        self._gone: set[int] = set()
        self._size = 0
        if path.exists():
            found = json.loads(path.read_text("ascii"))
            self.users, self._size = found["users"], found["size"]
            self.subjects = {user: SubjectId(subject) for user, subject in found["subjects"]}
            self._placed = {key: (user, number) for key, user, number in found["placed"]}

    def begin(self, users: int) -> None:
        """Begin with no record of so many users."""
        self.users = users

    def number(self, user: int, subject: SubjectId, keys: Sequence[int]) -> None:
        """Keep the id of a new subject, and the records that are its items, in the order in which they were given."""
        self.subjects[user] = subject
        self._size += len(keys)
        for number, key in enumerate(keys, 1):
            if (key % self.users, key // self.users + 1) != (user, number):
                self._placed[key] = (user, number)

    def keep(self) -> None:
        """Write them down for the processes that come after this one."""
        document = {
            "users": self.users,
            "size": self._size,
            "subjects": list(self.subjects.items()),
            "placed": [(key, *place) for key, place in self._placed.items()],
        }
        self._path.write_text(json.dumps(document), "ascii")

    def user(self, key: int) -> int:
        """Return the user whose record it is."""
        return self._placed[key][0] if key in self._placed else key % self.users

    def get(self, key: int) -> ItemId | None:
        """Return the id of a record, None if it is not there."""
        if key in self._later or key in self._gone or key >= self._size:
            return self._later.get(key)
        user, number = self._placed.get(key) or (key % self.users, key // self.users + 1)
        subject = self.subjects.get(user)
        return None if subject is None else ItemId(f"itm_{subject[4:]}_{number}")

    def __getitem__(self, key: int) -> ItemId:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: int, item: ItemId) -> None:
        self._later[key] = item

    def __delitem__(self, key: int) -> None:
        if self._later.pop(key, None) is None:
            self._gone.add(key)
