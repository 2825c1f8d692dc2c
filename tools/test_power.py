"""Mide la potencia de las pruebas: mete fallos pequeños en helpers/, de uno en uno (make test-power).

Cada fallo se prueba en una copia del curso: primero con las pruebas que ejecutan su línea y luego con los cuadernos.
Sin argumentos, una muestra de semilla fija y los cuadernos de menos de un minuto; con --all, todo. Los fallos que no
cambian nada útil están en tests/equivalentes.toml, y los casos con que se corrige un ejercicio (`cases = …`) no se
tocan: son arbitrarios. (mutmut y cosmic-ray no saben qué cuaderno ejecuta una línea.)
"""
import ast
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from queue import SimpleQueue

sys.path.insert(0, str(Path(__file__).resolve().parent))
from test_colab import published_copy  # noqa: E402

import notebooks  # noqa: E402

SAMPLE, SLOW = 200, 60  # fallos de la muestra y segundos de un cuaderno lento
REPORT, EQUIVALENT = notebooks.ROOT / "tests/informes/potencia.md", notebooks.ROOT / "tests/equivalentes.toml"
SWAPS = {ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE], ast.GtE: [ast.Gt, ast.Lt],
         ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.In: [ast.NotIn], ast.NotIn: [ast.In], ast.Is: [ast.IsNot],
         ast.IsNot: [ast.Is], ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult],
         ast.FloorDiv: [ast.Div], ast.Mod: [ast.Mult], ast.Pow: [ast.Mult], ast.And: [ast.Or], ast.Or: [ast.And]}


def variants(node):
    """Versiones estropeadas de un nodo del árbol sintáctico."""
    def changed(**fields):
        return type(node)(**{**vars(node), **fields})

    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    stored = isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Attribute, ast.Subscript))
    if isinstance(node, (ast.Expr, ast.Raise)) and not docstring or stored:
        return [ast.Pass()]
    if isinstance(node, ast.Return) and node.value is not None:
        return [ast.Return(None)]
    if isinstance(node, ast.Compare):
        return [changed(ops=[new(), *node.ops[1:]]) for new in SWAPS[type(node.ops[0])]]
    if isinstance(node, (ast.BinOp, ast.BoolOp, ast.AugAssign)):
        return [changed(op=new()) for new in SWAPS.get(type(node.op), ())]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        return [ast.Constant(not node.value if isinstance(node.value, bool) else node.value + 1)]
    if isinstance(node, ast.Call) and len(node.args) > 1:
        return [changed(args=[node.args[1], node.args[0], *node.args[2:]])]
    return []


def faults(source):
    """[(líneas de su instrucción, línea, cambio, módulo estropeado), …] de un archivo."""
    tree, found = ast.parse(source), []

    def visit(node, lines):
        for field, value in ast.iter_fields(node):
            for k, child in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                    continue
                if isinstance(child, ast.stmt):
                    last = child.body[0].lineno - 1 if hasattr(child, "body") else child.end_lineno
                    lines = range(child.lineno, max(child.lineno, last) + 1)
                holder, key = (value, k) if isinstance(value, list) else (vars(node), field)
                for variant in variants(child):
                    holder[key] = variant
                    text = f"{ast.unparse(child)[:80]} → {ast.unparse(variant)[:80]}".replace("\n", " ")
                    found.append((lines, child.lineno, text, ast.unparse(tree)))
                holder[key] = child
                if not (isinstance(child, ast.Assign) and ast.unparse(child.targets[0]) == "cases"):
                    visit(child, lines)

    visit(tree, range(0))
    return found


def pytest(folder, *arguments, timeout=None, **environment):
    """Código de salida de pytest en una copia del curso; 1 si se agota la espera (un fallo que cuelga se nota)."""
    command = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=--nbval-lax --nbval-current-env", *arguments]
    settings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}  # un .pyc de otro fallo engañaría
    try:
        return subprocess.run(command, cwd=folder, env=settings, capture_output=True, timeout=timeout).returncode
    except subprocess.TimeoutExpired:
        return 1


def trace(folder):
    """{(archivo de helpers, línea): {pruebas y cuadernos que la ejecutan}}, con helpers intacto."""
    import coverage  # como pytest-cov, solo hace falta aquí: los instala make test-power
    users, options = {}, ["--cov=helpers", "--cov-report=", "--cov-context=test"]
    for target in ["tests", *(f"notebooks/{path.name}" for path in notebooks.paths())]:
        (folder / ".coverage").unlink(missing_ok=True)  # en los cuadernos basta un ensayo para saber qué líneas usan
        unit = target == "tests"
        code = pytest(folder, target, *options, **{} if unit else {"CURSO_DISPOSITIVO": "ensayo"})
        if unit and code:
            sys.exit("Las pruebas fallan antes de meter ningún fallo: make test TEST_ARGS=tests")
        (data := coverage.CoverageData(str(folder / ".coverage"))).read()
        for name in data.measured_files():
            for line, contexts in data.contexts_by_lineno(name).items():
                who = {text.split("|")[0] for text in contexts if text} if unit else {target}
                users.setdefault((Path(name).relative_to(folder).as_posix(), line), set()).update(who)
    return users


def detected(folder, name, module, users, slow):
    """True si alguna prueba, o algún cuaderno de menos de `slow` segundos, nota el fallo."""
    seconds = {f"notebooks/{p.name}": notebooks.read(p).metadata.curso.measured.seconds for p in notebooks.paths()}
    chosen, original = folder / "elegidas.txt", (folder / name).read_text("utf-8")
    chosen.write_text("\n".join(sorted(users - set(seconds))), encoding="utf-8")
    (folder / name).write_text(module, encoding="utf-8")
    found = bool(chosen.stat().st_size and pytest(folder, "-x", "@elegidas.txt", timeout=90)) or any(
        pytest(folder, "-x", book, timeout=4 * seconds[book] + 60)
        for book in sorted(users & set(seconds), key=seconds.get) if seconds[book] < slow)
    (folder / name).write_text(original, encoding="utf-8")
    return found


def main(everything):
    start, copies, pending = time.perf_counter(), SimpleQueue(), []
    known = [(e["file"], e["change"]) for e in tomllib.loads(EQUIVALENT.read_text("utf-8"))["equivalent"]]
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as pool:
        for k in "ab":
            (folder := Path(temporary).resolve() / k).mkdir()
            published_copy(folder)
            copies.put(folder)
        users = trace(folder)
        for path in sorted((folder / "helpers").rglob("*.py")):
            name = path.relative_to(folder).as_posix()
            of_file = set().union(*(who for (file, _), who in users.items() if file == name))
            for lines, line, change, module in faults(path.read_text("utf-8")):
                who = set().union(*(users.get((name, number), ()) for number in lines))
                equivalent = any(fnmatch(name, file) and re.fullmatch(pattern, change) for file, pattern in known)
                if any((name, number) in users for number in lines) and not equivalent:
                    imported = not any(user.startswith("tests") for user in who)  # se ejecuta al importar: valen todas
                    pending.append((name, line, change, module, of_file if imported else who))
        total = len(pending)
        pending = pending if everything else random.Random(0).sample(pending, min(SAMPLE, total))

        def survivor(name, line, change, module, who):
            folder = copies.get()
            found = detected(folder, name, module, who, float("inf") if everything else SLOW)
            copies.put(folder)
            print("." if found else f"\n✘ {name}:{line} {change}\n", end="", flush=True)
            return None if found else f"- `{name}:{line}` `{change}`"

        survivors = sorted(filter(None, pool.map(survivor, *zip(*pending))))
    caught = len(pending) - len(survivors)
    text = (f"# Potencia de las pruebas\n\n{date.today()}: {caught} fallos detectados de {len(pending)} "
            f"({caught / len(pending):.1%}), de {total} posibles en líneas que se ejecutan; {len(known)} equivalentes "
            f"apartados. {(time.perf_counter() - start) / 60:.0f} minutos.\n\nSobreviven:\n\n" + "\n".join(survivors))
    REPORT.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"\n{text}")


if __name__ == "__main__":
    main("--all" in sys.argv)
