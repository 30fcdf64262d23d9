"""The layers that pyproject.toml names: they hold every module, and only one of them writes."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph
from importlinter.contracts.layers import LayersContract

ROOT = Path(__file__).parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
EXHAUSTIVE = [one for one in CONTRACTS if one.get("exhaustive")]
IN_ROOMS = next(one for one in EXHAUSTIVE if "quizapp.attempts" in one["containers"])
PAGES, FORMS, WRITES, READS, MODELS, PURE = (
    {name.strip().strip("()") for name in layer.split(":")} for layer in IN_ROOMS["layers"]
)
WITHOUT_LAYERS = {"cli", "db", "formats", "kinds", "rules", "texts"}
"""Packages that are no rooms."""
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "quizapp").rglob("*.py"))
}
IN_LAYERS = {
    name: part
    for name in MODULES
    for container in IN_ROOMS["containers"]
    if (part := name.removeprefix(f"{container}.").partition(".")[0]) and name.startswith(f"{container}.")
}
"""The modules of the rooms, and by which name their room's layers hold them."""


def undeclared(contract: dict[str, Any], graph: ImportGraph) -> set[str]:
    """The modules that `lint-imports` would say have no layer."""
    options = {key: contract[key] for key in ("containers", "layers")} | {"exhaustive": "true"}
    options["exhaustive_ignores"] = contract.get("exhaustive_ignores", [])
    check = LayersContract(contract["name"], {"root_packages": ["quizapp"]}, options).check(graph, verbose=False)
    assert check.kept == (not check.metadata["undeclared_modules"])  # the graph has no imports
    return set(check.metadata["undeclared_modules"])


def test_a_module_without_a_layer_fails() -> None:
    graph = ImportGraph()
    for name in MODULES:
        graph.add_module(name)
    for contract in EXHAUSTIVE:
        assert undeclared(contract, graph) == set()
    for contract in EXHAUSTIVE:
        newcomers = {f"{container}.in_no_layer" for container in contract["containers"]}
        for name in newcomers:
            graph.add_module(name)
        assert undeclared(contract, graph) == newcomers


def test_every_room_has_layers() -> None:
    packages = {path.parent.name for path in (ROOT / "quizapp").glob("*/__init__.py")}
    held = {container.partition(".")[2] for one in EXHAUSTIVE for container in one["containers"]}
    assert packages - held == WITHOUT_LAYERS


def test_every_name_in_a_layer_is_a_module() -> None:
    assert set(IN_LAYERS.values()) == PAGES | FORMS | WRITES | READS | MODELS | PURE


def test_what_is_pure_in_a_room_is_held_so() -> None:
    pure = next(one for one in CONTRACTS if one["type"] == "forbidden")["source_modules"]
    assert {name for name in pure if name in IN_LAYERS} == {name for name, part in IN_LAYERS.items() if part in PURE}


WRITING = {
    "sqlalchemy": {"insert", "update", "delete"},
    "quizapp.db": {"atomic", "begin_writing", "take_turns", "writing_engine"},
}
"""What writes, by where it is imported from."""
OF_A_SESSION = {"add", "add_all", "bulk_insert_mappings", "bulk_save_objects", "bulk_update_mappings", "commit",
                "delete", "flush", "merge"}  # fmt: skip
"""Methods of `db.session` that write."""
VERBS = ("insert", "update", "delete")
"""Methods of a table that write."""
STATEMENT = re.compile(r"\s*(INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b", re.IGNORECASE)
OTHER_PACKAGES = [["db"], ["migrations"], ["formats"], ["kinds"], ["rules"], ["texts"]]
"""What writing is made of, and what knows no database (a contract says so)."""
WRITERS_BESIDE_THE_ROOMS = {"quizapp.operation.backups", "quizapp.operation.repair", "quizapp.operation.transfer"}


def writing(tree: ast.Module) -> Iterator[str]:
    """What in a module writes."""
    sent = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
            and node.module == "quizapp.events" for alias in node.names}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of, name = ast.unparse(node.func.value), node.func.attr
            if (name in VERBS and not node.args and not node.keywords) or (name == "send" and of in sent):
                yield f"{of}.{name}"
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("text") and node.args:
            said = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            if isinstance(said, str) and STATEMENT.match(said):
                yield said
        if isinstance(node, ast.ImportFrom) and node.module:
            for package, names in WRITING.items():
                if node.module == package or node.module.startswith(f"{package}."):
                    yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.Attribute):
            of = ast.unparse(node.value)
            if (
                (of.endswith("session") and node.attr in OF_A_SESSION)
                or (of in ("postgresql", "sqlite", "sqlalchemy") and node.attr in WRITING["sqlalchemy"])
                or (of.startswith("events.") and node.attr == "send")
            ):
                yield f"{of}.{node.attr}"


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a module imports, also where only a name of theirs is meant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    "line",
    [
        "from quizapp.db import atomic, db",
        "from sqlalchemy import select, update",
        "from sqlalchemy.dialects.postgresql import insert",
        "postgresql.insert(Presence)",
        "db.session.add(one)",
        "db.session.commit()",
        "events.saved.send(one)",
        "from quizapp.events import saved\nsaved.send(one)",
        "db.session.execute(text('DELETE FROM users'))",
        "db.session.execute(USERS.update())",
        "db.session.bulk_save_objects(rows)",
    ],
)
def test_what_writes_is_found(line: str) -> None:
    assert len(list(writing(ast.parse(line)))) == 1


def test_only_writes_write() -> None:
    """Whoever reads a module's name knows whether it can change data: of the rooms, one layer can, and no other."""
    found = {
        name: what
        for name, path in MODULES.items()
        if name.split(".")[1:2] not in OTHER_PACKAGES
        and IN_LAYERS.get(name) not in WRITES
        and (what := set(writing(ast.parse(path.read_text()))))
    }
    assert {name: what for name, what in found.items() if name not in WRITERS_BESIDE_THE_ROOMS} == {}
    assert set(found) == WRITERS_BESIDE_THE_ROOMS


def test_the_document_names_what_writes() -> None:
    told = (ROOT / "docs/architecture.md").read_text().partition("It can if the name is")[2].partition("\n\nOutside")[0]
    named = {name for name in WRITES if name != "actions" and not name.endswith("_actions")}
    assert set(re.findall(r"`(\w+)`", told)) == named | {"actions", "_actions"}


def test_what_reads_has_nothing_written() -> None:
    """What only reads, as forms do too, doesn't call what writes, not even another room's."""
    closed = {name for name, part in IN_LAYERS.items() if part in PAGES | WRITES}
    found = {
        name: names
        for name, part in IN_LAYERS.items()
        if part not in PAGES | WRITES and (names := closed & set(imported(ast.parse(MODULES[name].read_text()))))
    }
    assert found == {}
