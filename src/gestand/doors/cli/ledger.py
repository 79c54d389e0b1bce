"""gestand ledger: verify, export, checkpoint, proof. Verifying a file needs no organisation, only its public key."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.doors.cli.ledger_witness import app as witness_words
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import DamagedError, UsageError
from gestand.ledger.model import Checkpoint, Head
from gestand.ledger.service import Ledger

app = typer.Typer(add_completion=False, rich_markup_mode=None)
app.add_typer(witness_words, name="witness")

Key = Annotated[str, typer.Option("--key", help="The ledger's public key, or a file that holds it.")]


@app.command("verify")
def verify(
    file: Annotated[Path | None, typer.Argument(help="An export or a receipt; without it the ledger of --org.")] = None,
    key: Key = "",
    line: Annotated[
        str, typer.Option("--printed", help="A printed checkpoint: is it a beginning of this ledger?")
    ] = "",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Read everything again: entries, hashes, signatures. Status 4 and the first bad entry if anything does not fit."""
    if file is not None:
        document = _verify_file(file, key)
    else:
        with _open(org) as ledger:
            signed = ledger.checkpoints()
            head = ledger.verify()
            if line:
                _compare_printed(ledger, line, head)
            document = _head(head) | {
                "kind": "ledger",
                "checkpoints": len(signed),
                "unsigned": head.size - (signed[-1].head.size if signed else 0),
                "key": str(ledger.key),
                "trusted": True,
            }
    if as_json:
        emit({"ok": True} | document)
    else:
        _tell(document)


@app.command("check-file")
def check_file(
    file: Annotated[Path, typer.Argument(help="A file that was signed, such as a PDF of the proof.")],
    key: Annotated[str, typer.Option("--key", help="The public key, or a file that holds it.")],
    note: Annotated[Path | None, typer.Option("--note", help="Its note; else FILE.note.")] = None,
    as_json: Json = False,
) -> None:
    """Check a file against the note that lies beside it, without the organisation."""
    from gestand.ledger.note import verify_key
    from gestand.ledger.vouching import check_file as check

    beside = note or file.with_name(f"{file.name}.note")
    try:
        content, signed = file.read_bytes(), beside.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError("no-file", f"cannot be read: {fault}", where=str(beside), remedy="Name both files.") from None
    what = check(content, signed, verify_key(_key_text(key)))
    if as_json:
        emit({"ok": True, "what": what, "note": str(beside)})
    else:
        say(f"{file.name} is what was signed: {what}.")


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Write one file that anyone can verify: key, entries, checkpoints.

    It holds ids, counts, dates and digests, who of the staff did what, and the reasons as they were written.
    """
    import tempfile

    from gestand.ledger.exported import write_export

    with _open(org) as ledger:
        last = ledger.checkpoint()
        signed = [one for one in ledger.checkpoints() if one.head.size <= last.head.size]
        try:
            with tempfile.NamedTemporaryFile(dir=file.parent, prefix=file.name, delete=False) as fresh:
                write_export(fresh, ledger.leaves(last.head.size), ledger.key, signed)
            Path(fresh.name).replace(file)
        except OSError as fault:
            raise UsageError(
                "cannot-write",
                f"the export could not be written: {fault.strerror}",
                where=str(file),
                remedy="Name another.",
            ) from None
        document = _head(last.head) | {"file": str(file), "checkpoints": len(signed), "key": str(ledger.key)}
    if as_json:
        emit(document)
    else:
        say(f"{file}: {document['size']} entries, {document['checkpoints']} checkpoints.")
        say(f"Anyone verifies it with: gestand ledger verify {file} --key {document['key']}")


@app.command("checkpoint")
def checkpoint(org: Org = HERE, as_json: Json = False) -> None:
    """Sign the present state, remember it outside the data folder, and print it, also as a line for on paper."""
    from gestand.ledger.printed import printed

    with _open(org) as ledger:
        signed = ledger.checkpoint()
        key = str(ledger.key)
    line = printed(signed.head)
    if as_json:
        emit(_signed(signed) | {"key": key, "printed": line})
    else:
        say(signed.text)
        say(f"Key: {key}")
        say(f"For on paper: {line}")


@app.command("proof")
def proof(
    index: Annotated[int, typer.Argument(min=0, help="The entry, counted from 0.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the receipt to this file.")] = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Make a receipt: a text by which anyone sees, offline, that the entry is in the ledger."""
    with _open(org) as ledger:
        receipt = ledger.receipt(index)
        key = str(ledger.key)
    text = receipt.to_text()
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as fault:
            raise UsageError(
                "cannot-write",
                f"the receipt could not be written: {fault.strerror}",
                where=str(out),
                remedy="Name another.",
            ) from None
    if as_json:
        emit(
            {
                "index": index,
                "leaf": receipt.leaf.decode(),
                "receipt": text,
                "key": key,
                "size": receipt.checkpoint.head.size,
            }
        )
    elif out is None:
        say(text)
    else:
        say(f"{out}: verify with: gestand ledger verify {out} --key {key}")


def _compare_printed(ledger: Ledger, line: str, head: Head) -> None:
    from gestand.kernel.errors import DamagedError
    from gestand.ledger.merkle import leaf_hash, root_of
    from gestand.ledger.printed import read_printed

    told = read_printed(line)
    hashes = [leaf_hash(leaf) for batch in ledger.leaves(told.size) for leaf in batch] if told.size <= head.size else []
    if told.size > head.size or root_of(hashes) != told.root:
        raise DamagedError(
            "ledger-rollback",
            f"{told.size} entries were printed; this ledger holds {f'only {head.size}' if told.size > head.size else 'others'}",
            where="--printed",
            remedy="Put back the newest copy of the organisation's folder, and find out who put this one there.",
        )


def _verify_file(file: Path, key: str) -> dict[str, Any]:
    from gestand.ledger.exported import verify_export
    from gestand.ledger.note import verify_key
    from gestand.ledger.receipt import FIRST_LINE, verify_receipt

    given = verify_key(_key_text(key)) if key else None
    try:
        with file.open("rb") as opened:
            is_receipt = opened.read(len(FIRST_LINE)) == FIRST_LINE.encode()
            text = FIRST_LINE + opened.read(1 << 20).decode("utf-8", "replace") if is_receipt else ""
    except OSError as fault:
        raise UsageError(
            "no-file", f"cannot be read: {fault.strerror}", where=str(file), remedy="Name an export or a receipt."
        ) from None
    if not is_receipt:
        found = verify_export(file, given)
        return _head(found.head) | {
            "kind": "export",
            "checkpoints": found.checkpoints,
            "unsigned": 0,
            "key": str(found.key),
            "trusted": found.trusted,
        }
    if given is None:
        raise UsageError(
            "ledger-key-needed",
            "a receipt does not hold the key it is to be verified with",
            where=str(file),
            remedy="Give the ledger's public key with --key; the organisation publishes it.",
        )
    try:
        entry = verify_receipt(text, given)
    except DamagedError as fault:
        raise DamagedError(fault.code, fault.message, where=str(file), remedy=fault.remedy) from None
    return {"kind": "receipt", "index": entry.index, "entry": entry.leaf.decode(), "key": str(given), "trusted": True}


def _tell(document: dict[str, Any]) -> None:
    if document["kind"] == "receipt":
        say(f"The receipt holds: entry {document['index']} is in the ledger of {document['key']}.")
        say(document["entry"])
        return
    say(f"Checked: no deviation found. {document['size']} entries, {document['checkpoints']} signed checkpoints.")
    say(f"Root: {document['root']}")
    if document["unsigned"]:
        say(f"The last {document['unsigned']} entries are not under a checkpoint yet.")
    if not document["trusted"]:
        say(
            "Only checked against the key in the file itself. Give the key you know with --key to know whose ledger it is."
        )


def _key_text(key: str) -> str:
    path = Path(key)
    try:
        return path.read_text("utf-8") if len(key) < 4096 and path.is_file() else key
    except (OSError, UnicodeDecodeError, ValueError):
        return key


def _open(org: Path) -> Ledger:
    from gestand.kernel.clock import system_clock
    from gestand.kernel.config import load_config
    from gestand.kernel.entropy import system_entropy
    from gestand.ledger.keys import places
    from gestand.ledger.service import open_to_read

    folder, remembered = places(load_config(org))
    return open_to_read(folder, clock=system_clock, entropy=system_entropy, remembered=remembered)


def _head(head: Head) -> dict[str, Any]:
    return {"size": head.size, "root": base64.b64encode(head.root).decode("ascii")}


def _signed(checkpoint: Checkpoint) -> dict[str, Any]:
    return _head(checkpoint.head) | {"origin": checkpoint.origin, "text": checkpoint.text}
