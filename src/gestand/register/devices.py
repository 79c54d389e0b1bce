"""A customer's device in hand: taken in with a slip, copied with a term, given back, wiped, each provable to the customer.

What is noted about it is sealed in the vault under the dossier of its job; here stand ids and dates. The access code is
destroyed when the device goes back. A copy of the disk is a sealed file whose key is the datum: with the datum gone nobody
reads it, and retention takes the file away. Articles 28(3)(g) and 5(1)(c), (e) GDPR.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

from gestand.kernel.clock import Clock, local_date
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, DeviceId, DossierId, FieldPath, ItemId, PurposeId, ShelfId, SubjectId, new_id
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.register import store
from gestand.register.device import Certificate, Checked, Device, Paper, Slip, device_of, digest_of, new_code
from gestand.register.dropfolder import DropFolder
from gestand.register.imagefile import open_image, seal_image
from gestand.register.imagefolder import ImageFolder
from gestand.register.model import DossierKind, Involved
from gestand.register.service import Register
from gestand.statement.policy import Devices as DevicesInPolicy
from gestand.storage.engine import Engine
from gestand.vault.model import Holding, NewItem, NewSubject, Statements
from gestand.vault.service import Vault

IMAGES = "images"
"""The folder of sealed disk images, in the folder of the store."""


class Devices:
    """The devices in hand of one organisation."""

    def __init__(  # noqa: PLR0917 - the services, in the order system builds them
        self,
        folder: Path,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        register: Register,
        statements: Statements,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._images = folder / IMAGES
        self.disks = DropFolder(folder)
        self.files = ImageFolder(self._images, engine, vault, clock)
        self._engine = engine
        self._vault = vault
        self._ledger = ledger
        self._register = register
        self._statements = statements
        self._clock = clock
        self._entropy = entropy

    def take_in(self, subject: SubjectId, slip: Slip, *, actor: ActorId, number: str = "") -> Device:
        """Take a device in: open its job and seal the slip.

        :raises UsageError: ``unknown-subject``, ``device-slip`` if what it is or what may be looked at is left out.
        :raises RefusedError: ``devices-not-declared`` if the policy says nothing of devices.
        """
        declared = self._declared()
        if not slip.model.strip() or not slip.permission.strip():
            raise UsageError(
                "device-slip",
                "a slip says what the device is and what may be looked at",
                remedy="Give --model and --permission, such as 'nothing but what the test needs'.",
            )
        role = self._statements.in_force().policy.services[declared.service].role
        today = local_date(self._clock())
        with self._engine.transaction():
            job = self._register.open_dossier(
                DossierKind.JOB,
                PurposeId(declared.purpose),
                [Involved(subject, "customer")],
                number=number,
                actor=actor,
            )
            values = (
                (declared.model, slip.model, declared.purpose),
                (declared.fault, slip.fault, declared.purpose),
                (declared.accessories, slip.accessories, declared.purpose),
                (declared.permission, slip.permission, declared.purpose),
                (declared.access_code, slip.access_code, declared.access_purpose),
            )
            items = tuple(
                self._item(field, value.strip(), purpose, subject, job.id)
                for field, value, purpose in values
                if value.strip()
            )
            self._vault.add([NewSubject(items, id=subject)], actor=actor, reason="a device was taken in")
            device = Device(DeviceId(new_id("dev", self._entropy)), subject, job.id, role, today, None, None)
            self._engine.execute(store.ADD_DEVICE, (device.id, subject, job.id, role, today.isoformat()))
            facts: dict[str, Fact] = {"device": device.id, "dossier": job.id, "role": role}
            self._ledger.stage(Event("device.received", self._clock(), actor, facts))
        return device

    def add_image(self, device_id: str, file: Path, *, actor: ActorId) -> ItemId:
        """Seal a copy of the disk on the shelf of copies; ``file`` itself is the caller's to remove.

        :raises UsageError: ``device-unknown``, ``image-unreadable``. :raises RefusedError: ``device-returned``.
        """
        device = self._in_hand(device_id)
        declared = self._declared()
        name, key = new_id("img", self._entropy), self._entropy(32)
        self._images.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._images / name
        sealed = seal_image(file, path, key, name, self._entropy)
        value = json.dumps({"image": name, "key": key.hex(), "sha256": sealed.digest, "bytes": sealed.size})
        with self._engine.transaction():
            before = {holding.item for holding in self._vault.holdings(device.subject)}
            item = self._item(declared.image, value, declared.purpose, device.subject, device.dossier)
            self._vault.add([NewSubject((item,), id=device.subject)], actor=actor, reason="a disk was copied")
            [fresh] = [h.item for h in self._vault.holdings(device.subject) if h.item not in before]
            self._engine.execute(store.ADD_IMAGE, (name, device.id, fresh))
            facts: dict[str, Fact] = {"device": device.id, "bytes": sealed.size}
            self._ledger.stage(Event("device.copied", self._clock(), actor, facts))
        return fresh

    def seal_disk(self, device_id: str, name: str, *, actor: ActorId) -> ItemId:
        """Seal a file of the drop folder as a copy of the disk, and take the plain file away.

        :raises UsageError: ``disk-unknown``, ``disk-growing`` if it was written to meanwhile, and as ``add_image``.
        :raises RefusedError: ``device-returned``.
        """
        self._in_hand(device_id)
        before = self.disks.one(name)
        item = self.add_image(device_id, self.disks.path_of(before), actor=actor)
        if before not in self.disks.all():
            self._vault.erase([item], ground="half a disk, Article 5(1)(d)", actor=actor)
            self.files.remove(list(self.files.orphans()))
            raise UsageError(
                "disk-growing",
                "the file was written to while it was sealed",
                where=name,
                remedy="Wait until the imager is done, and seal it then; the copy that was begun is gone.",
            )
        self.disks.remove(name)
        return item

    def open_disk(self, device_id: str, image: str, name: str, *, actor: ActorId) -> int:
        """Open a copy to a new file of the drop folder; returns its size in bytes.

        :raises UsageError: ``disk-name``, and as ``put_back``. :raises DamagedError: ``image-damaged``.
        """
        return self.put_back(device_id, image, self.disks.fresh(name), actor=actor)

    def put_back(self, device_id: str, image: str, target: Path, *, actor: ActorId) -> int:
        """Open a copy to ``target``, to put files back; the opening is in the ledger. Returns its size in bytes.

        :raises UsageError: ``device-unknown``, ``image-unknown``. :raises DamagedError: ``image-damaged``.
        """
        device = self.one(device_id)
        rows = self._engine.execute(store.IMAGE, (image, device.id))
        if not rows or self._vault.item(ItemId(str(rows[0][0]))) is None:
            raise UsageError("image-unknown", f"there is no copy '{image}'", remedy="See 'gestand device list'.")
        opening = self._vault.open(
            device.subject,
            PurposeId(self._declared().purpose),
            actor=actor,
            reason=f"files of device {device.id} put back",
            items=[ItemId(str(rows[0][0]))],
        )
        for one in opening.items:
            kept = json.loads(one.value)
            return open_image(self._images / image, target, bytes.fromhex(kept["key"]), image)
        raise RefusedError(
            "image-closed",
            f"the copy may not be opened: {', '.join(str(one.why) for one in opening.refused)}",
            where=image,
            remedy="See 'gestand subject show' for what lies on it.",
        )

    def give_back(self, device_id: str, *, actor: ActorId) -> Certificate:
        """Give a device back: its job is closed, so that the terms begin, and its access code is destroyed now.

        A code that is restricted stays (Article 18(2)): who asked for that may need it.

        :raises UsageError: ``device-unknown``. :raises RefusedError: ``device-returned``, or a code that is on hold.
        """
        device = self._in_hand(device_id)
        today = local_date(self._clock())
        codes = [h.item for h in self._of(device) if h.field == self._declared().access_code and not h.restricted]
        if codes:
            self._vault.erase(codes, ground="the job is closed, Article 5(1)(e)", actor=actor)
        with self._engine.transaction():
            job = self._register.dossier(device.dossier)
            if job is not None and job.closed_on is None:
                self._register.close(device.dossier, on=today, actor=actor)
            self._engine.execute(store.RETURN_DEVICE, (today.isoformat(), device.id))
            return self._certify(replace(device, returned_on=today), "return", len(codes), "", actor)

    def wipe(self, device_id: str, *, actor: ActorId, method: str = "") -> Certificate:
        """Destroy every copy made of the device now; ``method``: how the customer's own disk was wiped, by hand, as well.

        :raises UsageError: ``device-unknown``. :raises RefusedError: if a copy is on hold; ``copy-restricted``.
        """
        device = self.one(device_id)
        image = self._declared().image
        there = [h for h in self._of(device) if h.field == image]
        copies = [h.item for h in there]
        if any(h.restricted for h in there):
            raise RefusedError(
                "copy-restricted",
                "a copy is restricted: it may only be stored (Article 18(2)), and destroying it is more than that",
                where=device.id,
                remedy="Tell the person first, lift the restriction ('gestand subject release'), and wipe it then.",
            )
        if copies:
            self._vault.erase(copies, ground="the copies are no longer needed, Article 28(3)(g)", actor=actor)
        self.files.remove(list(self.files.orphans()))
        today = local_date(self._clock())
        with self._engine.transaction():
            self._engine.execute(store.WIPE_DEVICE, (today.isoformat(), device.id))
            return self._certify(replace(device, wiped_on=today), "wipe", len(copies), method.strip(), actor)

    def check(self, code: str) -> Checked | None:
        """Return what a certificate's code proves, or None; the public door calls this, and learns nobody's name."""
        rows = self._engine.execute(store.CERTIFICATE, (digest_of(code),))
        if not rows:
            return None
        paper, on, destroyed, method, since = rows[0]
        for entry in self._ledger.entries(int(str(since))):
            if entry.event.facts.get("certificate") == digest_of(code):
                receipt = self._ledger.receipt(entry.index).to_text()
                when = date.fromisoformat(str(on))
                return Checked(cast("Paper", paper), when, int(str(destroyed)), str(method), entry.index, receipt)
        return None

    def one(self, device_id: str) -> Device:
        """Return a device. :raises UsageError: ``device-unknown``."""
        rows = self._engine.execute(store.DEVICE, (device_id,))
        if not rows:
            raise UsageError("device-unknown", f"there is no device '{device_id}'", remedy="See 'gestand device list'.")
        return device_of(rows[0])

    def all(self) -> tuple[Device, ...]:
        """Return every device that is listed, oldest first."""
        return tuple(map(device_of, self._engine.execute(store.DEVICES)))

    def in_hand(self, most: int, first: int = 0) -> tuple[Device, ...]:
        """Return the devices that were not given back, oldest first: at most so many, after the first so many."""
        return tuple(map(device_of, self._engine.execute(store.IN_HAND, (most, first))))

    def count_in_hand(self) -> int:
        """Return how many devices are in hand."""
        [(number,)] = self._engine.execute(store.COUNT_IN_HAND)
        assert isinstance(number, int)
        return number

    def given_back(self, most: int) -> tuple[Device, ...]:
        """Return the devices that were given back last, the newest first."""
        return tuple(map(device_of, self._engine.execute(store.GIVEN_BACK, (most,))))

    def after(self, device_id: str, most: int) -> tuple[Device, ...]:
        """Return devices in the order of their ids, from after one on: a page of them."""
        return tuple(map(device_of, self._engine.execute(store.DEVICES_AFTER, (device_id, most))))

    def images(self, device_id: str) -> tuple[tuple[str, date | None], ...]:
        """Return the copies of a device that are still readable, and when each leaves (None: after the job)."""
        found = self._engine.execute(store.IMAGES_OF, (device_id,))
        held = [(str(name), self._vault.item(ItemId(str(item)))) for name, item in found]
        return tuple((name, holding.due) for name, holding in held if holding is not None)

    def slip(self, device_id: str, *, actor: ActorId) -> Slip:
        """Open the slip of a device, without its access code."""
        device, declared = self.one(device_id), self._declared()
        wanted = {declared.model, declared.fault, declared.accessories, declared.permission}
        items = [h.item for h in self._of(device) if h.field in wanted]
        found: dict[str, str] = {}
        if items:
            reason = f"slip of device {device.id}"
            opened = self._vault.open(
                device.subject, PurposeId(declared.purpose), actor=actor, reason=reason, items=items
            )
            found = {one.holding.field: one.value for one in opened.items}
        texts = (declared.model, declared.fault, declared.accessories, declared.permission)
        return Slip(*(found.get(FieldPath(path), "") for path in texts))

    def access_code(self, device_id: str, *, actor: ActorId) -> str:
        """Open the access code of a device in hand, for the purpose it was given for; empty where none was given.

        :raises UsageError: ``device-unknown``. :raises RefusedError: ``device-returned``: it is destroyed by then.
        """
        device, declared = self._in_hand(device_id), self._declared()
        items = [h.item for h in self._of(device) if h.field == declared.access_code]
        if not items:
            return ""
        opened = self._vault.open(
            device.subject,
            PurposeId(declared.access_purpose),
            actor=actor,
            reason=f"access code of device {device.id}",
            items=items,
        )
        return next((one.value for one in opened.items), "")

    # Steps

    def _declared(self) -> DevicesInPolicy:
        declared = self._statements.in_force().policy.devices
        if declared is None:
            raise RefusedError(
                "devices-not-declared",
                "the statement in force says nothing of devices in hand",
                where="policy.toml: devices",
                remedy="Declare them under [devices], with the service that says what your role is.",
            )
        return declared

    def _item(self, field: str, value: str, purpose: str, subject: SubjectId, dossier: DossierId) -> NewItem:
        statement = self._statements.in_force()
        shelf = statement.policy.purposes[purpose].shelf
        today = local_date(self._clock())
        start = self._register.start_of(shelf, collected=today, dossier=dossier, subject=subject, statement=statement)
        return NewItem(
            FieldPath(field),
            value,
            ShelfId(shelf),
            "device",
            start.trigger_on,
            start.due,
            (PurposeId(purpose),),
            dossier,
        )

    def _of(self, device: Device) -> list[Holding]:
        return [h for h in self._vault.holdings(device.subject) if h.dossier == device.dossier]

    def _in_hand(self, device_id: str) -> Device:
        device = self.one(device_id)
        if not device.in_hand:
            raise RefusedError(
                "device-returned",
                f"it was given back on {device.returned_on}",
                where=device.id,
                remedy="Take it in again if it is back.",
            )
        return device

    def _certify(self, device: Device, paper: Paper, destroyed: int, method: str, actor: ActorId) -> Certificate:
        """Write a certificate in the open transaction."""
        on = local_date(self._clock())
        code = new_code(self._entropy)
        since = self._ledger.head().size
        self._engine.execute(store.ADD_CERTIFICATE, (digest_of(code), paper, on.isoformat(), destroyed, method, since))
        event = "device.returned" if paper == "return" else "device.wiped"
        facts: dict[str, Fact] = {"device": device.id, "certificate": digest_of(code), "destroyed": destroyed}
        self._ledger.stage(Event(event, self._clock(), actor, facts))
        return Certificate(device, paper, on, code, destroyed, method)
