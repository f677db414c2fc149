"""A widget's JavaScript: small modules that import each other, handed to the page as one."""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function\*?|class|const) ([A-Za-z_$][\w$]*))", re.MULTILINE
)


def joined(entry: Path) -> str:
    """Return a script and every module that it imports as one script, for ``_esm``.

    anywidget loads a widget's script from memory, where an import of a file beside it leads
    nowhere. So each module becomes a function that runs once and returns what it exports, before
    the modules that use it. Files stay modules of their own: node, a linter and an editor take
    them as they are.

    Parameters
    ----------
    entry : Path
        The script with ``export default``. Imports are written
        ``import { name, other } from "./file.js";`` and stand at the start of a line; what a
        module exports is a function, a class or a constant.

    Raises
    ------
    ValueError
        If modules import each other in a circle, or a name that is not exported.
    FileNotFoundError
        If an imported file does not exist.
    """
    names: dict[Path, str] = {}
    exports: dict[Path, list[str]] = {}
    parts: list[str] = []

    def wired(file: Path, above: tuple[Path, ...]) -> str:
        """Return a module's source with its imports taken from the modules before it."""
        if file in above:
            raise ValueError(f"{file.name} imports itself, by way of {above[-1].name}.")

        def taken(found: re.Match[str]) -> str:
            module = (file.parent / found[2]).resolve()
            if module not in names:
                add(module, (*above, file))
            wanted = [part.strip() for part in found[1].split(",") if part.strip()]
            missing = [name for name in wanted if name.split(" as ")[0] not in exports[module]]
            if missing:
                raise ValueError(f"{module.name} exports no {missing[0]}; {file.name} imports it.")
            return f"const {{ {', '.join(wanted)} }} = {names[module]};\n".replace(" as ", ": ")

        return _IMPORT.sub(taken, file.read_text("utf-8"))

    def add(file: Path, above: tuple[Path, ...]) -> None:
        source = wired(file, above)
        names[file] = f"$module{len(names)}"
        exports[file] = _EXPORT.findall(source)
        body = _EXPORT.sub("", source)
        ending = f"return {{ {', '.join(exports[file])} }};"
        parts.append(f"// {file.name}\nconst {names[file]} = (() => {{\n{body}{ending}\n}})();\n")

    last = wired(entry.resolve(), ())
    return "\n".join([*parts, last])
