"""Las herramientas que miden: fallos sembrados (test_power), márgenes (test_repeat) y rendimiento (bench)."""
import ast
import json
import subprocess
import sys

import bench
import pytest
import test_power
import test_repeat

import notebooks
from helpers import widgets

SOURCE = '''"""Módulo."""
LIMIT = 3


def f(a, b=True):
    """Docstring."""
    if a < LIMIT and not b:
        raise ValueError("no")
    a.x = g(a, b) + 1
    print(f"{a + 1}")
    return -a
'''


def test_faults_of_every_kind():
    found = test_power.faults(SOURCE)
    changes = {change for _, _, change, _ in found}
    assert {"3 → 4", "True → False", "a < LIMIT → a <= LIMIT", "a < LIMIT → a >= LIMIT", "not b → b", "-a → a",
            "a < LIMIT and (not b) → a < LIMIT or not b", "raise ValueError('no') → pass", "g(a, b) → g(b, a)",
            "g(a, b) + 1 → g(a, b) - 1", "a.x = g(a, b) + 1 → pass", "1 → 2", "return -a → return",
            "print(f'{a + 1}') → pass"} == changes
    modules = [module for *_, module in found]
    assert len(set(modules)) == len(modules) and ast.unparse(ast.parse(SOURCE)) not in modules
    assert all(ast.parse(module) and "Docstring." in module for module in modules)
    lines = {change: (list(rows), line) for rows, line, change, _ in found}
    assert lines["not b → b"] == ([7], 7) and lines["1 → 2"] == ([9], 9)


def claim(value, holds=True, at_least=None, at_most=None, equal=None, tolerance=0.0):
    return {"text": "algo", "value": value, "at_least": at_least, "at_most": at_most, "equal": equal,
            "tolerance": tolerance, "holds": holds}


@pytest.mark.parametrize("values, criterion, verdict", [
    ([0.90, 0.91, 0.92], {"at_least": 0.80}, "✔"), ([0.90, 0.91, 0.92], {"at_least": 0.89}, "✘ muy justa"),
    ([0.900, 0.901, 0.902], {"at_least": 0.89}, "menos de 2 puntos"), ([5, 6, 7], {"at_most": 20}, "✔"),
    ([5, 6, 7], {"at_most": 8}, "✘ muy justa"), ([1.0, 1.1, 0.9], {"equal": 1, "tolerance": 1}, "✔"),
    ([1.0, 1.1, 0.9], {"equal": 1, "tolerance": 0.11}, "✘ muy justa"), ([7, 7], {"equal": 7}, "✔"),
    ([[1, 2], [1, 2]], {"equal": [1, 2]}, "✔"), (["a", "a"], {"equal": "a"}, "✔"),
    ([float("inf"), 2.0], {"at_least": 1}, "✔"), ([3, 3], {"at_least": 3}, "✔")])
def test_margins(values, criterion, verdict):
    assert test_repeat.margin([claim(value, **criterion) for value in values])["verdict"] == verdict


def test_a_claim_that_fails_once_is_reported():
    row = test_repeat.margin([claim(0.9, at_least=0.5), claim(0.4, holds=False, at_least=0.5)])
    assert row["verdict"] == "✘ falla en 1 de 2"
    assert "| algo | 0.5 | 0.4 | 0.9 | 0.354 | 0.424 | 15 | ✘ falla en 1 de 2 |" in test_repeat.table([row])


def test_sigmas_and_points():
    row = test_repeat.margin([claim(v, at_most=2.0) for v in (1.0, 1.2)])
    assert row["sigmas"] == pytest.approx(0.9 / 0.1414, rel=1e-3) and row["points"] == pytest.approx(45)


def test_repeat_says_which_notebook_stopped(tmp_path):
    notebook = notebooks.nbformat.v4.new_notebook(cells=[notebooks.new_code_cell("1 / 0")])
    path = tmp_path / "99_roto.ipynb"
    notebooks.nbformat.write(notebook, path)
    with pytest.raises(RuntimeError, match="(?s)99_roto.ipynb se detuvo con CURSO_SEMILLA=3.*ZeroDivisionError"):
        test_repeat.run(path, 3)


def test_repeat_collects_the_claims_of_another_seed(tmp_path):
    code = "from helpers import check, runtime\ncheck.claim('semilla', runtime.seed(1), at_most=0)"
    notebook = notebooks.nbformat.v4.new_notebook(cells=[notebooks.new_code_cell(
        f"import sys; sys.path.insert(0, {json.dumps(str(notebooks.ROOT))})\n{code}")])
    path = tmp_path / "99_semilla.ipynb"
    notebooks.nbformat.write(notebook, path)
    (found,) = test_repeat.run(path, 2)
    assert found["value"] == 2001 and found["at_most"] == 0 and not found["holds"]


def test_one_turn_is_not_enough():
    result = subprocess.run([sys.executable, "tools/test_repeat.py", "-n", "1"], cwd=notebooks.ROOT,
                            capture_output=True, text=True)
    assert result.returncode == 1 and "al menos 2 vueltas" in result.stderr


def test_contestants_take_turns_and_the_first_turn_does_not_count(monkeypatch):
    calls, clock = [], iter([0, 5, 10, 11, 20, 24, 30, 33, 40, 48])  # la vuelta 0 no mira cuándo acaba
    monkeypatch.setattr(bench.time, "perf_counter", lambda: next(clock))
    seconds = bench.in_turn({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, repeats=2)
    assert calls == ["a", "b"] * 3 and seconds == {"a": 2, "b": 6}


def test_ratio_says_how_much_longer_the_others_take():
    assert bench.row("algo", {"curso": 0.5, "otro": 1.25, "más": 0.05}, "> 1", "–") == [
        "| algo | curso 500 ms | otro 1.25 s | 2.50 | > 1 |", "| algo | curso 500 ms | más 50 ms | 0.10 | – |"]


def test_different_results_are_not_compared():
    bench.agree("suma", [1.0, 2.0], [1.0, 2.00001])
    for other in ([1.0, 2.1], [1.0, float("nan")]):
        with pytest.raises(SystemExit, match="suma: los resultados difieren"):
            bench.agree("suma", [1.0, 2.0], other)


def test_a_sweep_visits_many_values_and_comes_back():
    for control in (widgets.slider("a", 0, 5, 2), widgets.slider("b", -1.0, 1.0, 0.3), widgets.choice("c", "xyz")):
        seen, before = [], control.value
        control.observe(lambda change, seen=seen: seen.append(change["new"]), "value")
        bench.sweep(control)
        assert control.value == before and len(set(seen)) >= 3


def test_unknown_part_of_the_benchmark():
    with pytest.raises(SystemExit, match="No conozco «nada». Las partes son: red"):
        bench.main(["nada"])


def test_readme_quotes_the_last_report():
    report = bench.REPORT.read_text("utf-8")
    quoted = (notebooks.ROOT / "README.md").read_text("utf-8").split(f"<!-- {bench.MARK} -->\n")[1]
    quoted = quoted.split("\n<!-- fin de rendimiento -->")[0]
    assert quoted.startswith("| medida |") and f"\n\n{quoted}\n\n" in report
