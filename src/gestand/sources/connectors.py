"""Connectors of one's own: a Python entry point in the group ``gestand.sources`` that makes a source.

    [project.entry-points."gestand.sources"]
    kassa = "mijnkassa.gestand:make"          # make(where: ConnectorPlace) -> Source

``gestand.sources.conformance`` says whether it does what a source must do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from gestand.kernel.clock import Clock
from gestand.kernel.egress import Egress, Granted, Peer
from gestand.kernel.errors import UsageError
from gestand.sources.declared import PythonDeclared
from gestand.sources.load import SourceFile
from gestand.sources.model import Source, SourceName
from gestand.sources.place import SourcePlace
from gestand.statement.policy import Policy

GROUP = "gestand.sources"


@dataclass(frozen=True, slots=True)
class ConnectorPlace:
    """What a connector is made with. ``grant``: ask it before every connection, and connect to the address it gives.

    ``trace_id`` and ``digest`` make the ids and versions of traces: keyed digests that name nobody.
    """

    name: SourceName
    settings: Mapping[str, str | int | bool]
    secrets: Mapping[str, str]
    policy: Policy
    clock: Clock
    grant: Callable[[str, int], Granted]
    trace_id: Callable[[str, tuple[object, ...]], str]
    digest: Callable[..., str]


Make = Callable[[ConnectorPlace], Source]


def connector_of(
    file: SourceFile, place: SourcePlace, *, points: Callable[[], Mapping[str, EntryPoint]] | None = None
) -> Source:
    """Return the source that an installed connector makes.

    :raises UsageError: ``source-connector`` if it is not installed or cannot be loaded.
    """
    declared = file.declared
    assert isinstance(declared, PythonDeclared)
    found = (points or installed)()
    point = found.get(declared.connector)
    if point is None:
        raise UsageError(
            "source-connector",
            f"there is no connector '{declared.connector}'",
            where=file.file,
            remedy=f"Install it; installed are: {', '.join(sorted(found)) or 'none'}.",
        )
    try:
        make = cast("Make", point.load())
    except (ImportError, AttributeError) as fault:
        raise UsageError(
            "source-connector",
            f"the connector '{declared.connector}' cannot be loaded: {fault}",
            where=file.file,
            remedy="Install it again, with what it needs.",
        ) from None
    return make(_place(file.name, file.file, declared, place))


def installed() -> Mapping[str, EntryPoint]:
    """Return the installed connectors by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def _place(name: SourceName, file: str, declared: PythonDeclared, place: SourcePlace) -> ConnectorPlace:
    peers = []
    for said in declared.peers:
        host, _, port = said.rpartition(":")
        if not host or not port.isdigit():
            raise UsageError(
                "source-peer", f"'{said}' is no host:port", where=file, remedy='Write "api.example.org:443".'
            )
        peers.append(Peer(host, int(port), declared.near))
    egress = Egress(peers, resolve=place.resolve)
    return ConnectorPlace(
        name=name,
        settings=declared.settings,
        secrets={key: place.secret(setting, file) for key, setting in declared.secrets.items()},
        policy=place.policy,
        clock=place.clock,
        grant=egress.grant,
        trace_id=lambda where, key: place.trace_id(name, where, key),
        digest=place.digest,
    )
