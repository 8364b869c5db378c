"""How is a watchlist edited by hand, in the editor that a person is used to?"""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightdesk.cli.context import Call, TroubleError, shown

if TYPE_CHECKING:
    from config.explain import Problem
    from nightdesk.watchlists import Shelved, Writer

USUAL = "vi"


def edited_by_hand(call: Call, writer: Writer, shelved: Shelved) -> tuple[str, tuple[Problem, ...]] | None:
    """Return what was written in the editor and taken, with its warnings; None when nothing was changed.

    What cannot be taken is told, and the editor opened again as long as a person wants to; given up, it is
    kept beside the file.

    Raises:
        TroubleError: there is no such editor, or what was typed was given up.
    """
    from config.edit import save
    from config.explain import render
    from nightdesk.watchlists import NotChangedError

    with tempfile.TemporaryDirectory(prefix="nightdesk-") as folder:
        copy = Path(folder) / Path(shelved.path).name
        copy.write_bytes(shelved.text.encode())
        while True:
            _open(call, copy)
            text = copy.read_bytes().decode("utf-8", errors="replace")
            if text == shelved.text:
                return None
            try:
                return text, writer.write(shelved, text, how="saved")
            except NotChangedError as error:
                call.printer.trouble(render(error.problems) if error.problems else str(error))
                if not click.confirm("Open the editor again?", default=True, err=True):
                    kept = (writer.folder / shelved.path).with_name(f".{copy.name}.not-taken")
                    save(kept, text)
                    what = f"{shelved.path} was not changed; what you wrote is kept in {shown(kept)}"
                    then = call.typed(f"watchlists edit {shelved.id}")
                    raise TroubleError(what, then=then) from error


def _open(call: Call, path: Path) -> None:
    around = call.around.environment
    editor = around.get("VISUAL") or around.get("EDITOR") or USUAL
    try:
        ended = subprocess.run([*shlex.split(editor), str(path)], check=False)  # noqa: S603 - the person's own
    except OSError as error:
        what = f"the editor {editor} cannot be started"
        raise TroubleError(what, then="EDITOR=nano, then the same command") from error
    if ended.returncode:
        what = f"the editor {editor} ended with an error; nothing was changed"
        raise TroubleError(what, then="EDITOR=nano, then the same command")
