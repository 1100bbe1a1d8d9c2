"""The layout of the code: packages in one direction, no import cycles, no large files."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("ledger", "projections", "cli")
MOST_LINES = 400
WHOLE = {"cli/packet/verify.py"}
"""What people elsewhere read and run as one file."""


def modules():
    """Every module of the product by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def is_for_types_alone(node):
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


def imported(nodes):
    """Names of the product's modules that statements import when a module is loaded."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module
        elif isinstance(node, ast.Try | ast.With) or (
            isinstance(node, ast.If) and not is_for_types_alone(node)
        ):
            yield from imported(node.body)


IMPORTS = {
    name: {
        one
        for one in imported(ast.parse(path.read_text(encoding="utf-8")).body)
        if one in MODULES and one != name
    }
    for name, path in MODULES.items()
}


def every_import(path):
    """Names of all modules that a file imports, in functions and for types too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("name", MODULES)
def test_packages_import_in_one_direction(name):
    """`cli` asks `projections`, which reads `ledger`; nothing imports the other way round."""
    below = PACKAGES[: PACKAGES.index(name.partition(".")[0]) + 1]
    found = {one.partition(".")[0] for one in every_import(MODULES[name])}
    assert found.isdisjoint(set(PACKAGES) - set(below))


def test_no_module_imports_itself_through_others():
    """Loading a module never meets one that is half loaded."""
    done, path = set(), []

    def visit(name):
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name in done:
            return
        path.append(name)
        for one in sorted(IMPORTS[name]):
            visit(one)
        done.add(path.pop())

    for name in MODULES:
        visit(name)


def test_no_file_is_over_400_lines():
    files = [*MODULES.values(), *(ROOT / "tests").rglob("*.py")]
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files
    }
    assert {name for name, count in lines.items() if count > MOST_LINES} == WHOLE
