"""Cada cuaderno cumple las reglas, y cada regla salta con un cuaderno estropeado."""
import shutil

import hygiene
import nbformat
import pytest

import notebooks

GOOD = notebooks.FOLDER / "01_perceptron.ipynb"


@pytest.mark.parametrize("rule", hygiene.RULES, ids=lambda r: r.__name__)
@pytest.mark.parametrize("path", notebooks.paths(), ids=lambda p: p.name[:2])
def test_notebook_follows(path, rule):
    assert rule(notebooks.read(path), path) == []


def first_code(notebook):
    return next(c for c in notebook.cells if c.cell_type == "code" and c.id not in notebooks.GENERATED)


def with_output(notebook, output):
    first_code(notebook).outputs = [nbformat.from_dict(output)]


def spoil(name, notebook, path):
    """Estropea el cuaderno de la forma que la regla `name` debe notar."""
    def stream(stream_name, text):
        with_output(notebook, {"output_type": "stream", "name": stream_name, "text": text})

    def picture(alt):
        with_output(notebook, {"output_type": "display_data", "data": {"image/png": "AAAA"},
                               "metadata": {"image/png": {"alt": alt}}})

    actions = {
        "canonical": lambda: path.write_text(path.read_text("utf-8").replace("\n ", "\n  "), "utf-8"),
        "known_metadata": lambda: notebook.metadata.update(widgets={}),
        "clean_outputs": lambda: stream("stdout", "guardado en /home/ana/modelo.keras"),
        "valid_header": lambda: notebook.metadata.curso.pop("minutes"),
        "generated_cells": lambda: notebook.cells[0].update(source="# Otro título"),
        "short_cells": lambda: first_code(notebook).update(source="x = 1\n" * 26),
        "described_figures": lambda: picture(""),
        "light_file": lambda: path.write_text(" " * 800_000),
        "fresh_outputs": lambda: first_code(notebook).update(source="x = 2"),
        "sections": lambda: notebook.cells.pop(
            next(k for k, c in enumerate(notebook.cells) if c.source.startswith("## Más grande"))),
        "exercises": lambda: notebook.cells.pop(
            next(k for k, c in enumerate(notebook.cells) if notebooks.SOLUTION in hygiene.tags(c))),
        "seeds_from_runtime": lambda: first_code(notebook).update(source="rng = np.random.default_rng(0)"),
        "no_tensorflow_before_12": lambda: first_code(notebook).update(source="import keras"),
        "claims_present": lambda: [c.update(source="pass") for c in hygiene.code_cells(notebook)]}
    actions[name]()


@pytest.mark.parametrize("rule", hygiene.RULES, ids=lambda r: r.__name__)
def test_rule_fires(rule, tmp_path):
    path = tmp_path / GOOD.name
    shutil.copy(GOOD, path)
    notebook = notebooks.read(path)
    spoil(rule.__name__, notebook, path)
    assert rule(notebook, path), f"la regla {rule.__name__} no notó el estropicio"


@pytest.mark.parametrize("output", [
    {"output_type": "stream", "name": "stderr", "text": "aviso"},
    {"output_type": "error", "ename": "ValueError", "evalue": "mal", "traceback": []},
    {"output_type": "display_data", "data": {hygiene.WIDGET: {}}, "metadata": {}},
    {"output_type": "stream", "name": "stdout", "text": "<objeto en 0x7f00aa11bb22>"}])
def test_every_dirty_output_is_seen(output):
    notebook = notebooks.read(GOOD)
    with_output(notebook, output)
    assert hygiene.clean_outputs(notebook, GOOD)


def test_wrong_solution_is_seen():
    notebook = notebooks.read(GOOD)
    cell = next(c for c in notebook.cells if notebooks.SOLUTION in hygiene.tags(c))
    cell.outputs[0].data = {"text/plain": "✘ Incorrecto."}
    assert hygiene.exercises(notebook, GOOD)
