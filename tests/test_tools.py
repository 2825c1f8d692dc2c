"""Las herramientas: entorno, enlaces, índice, copia para estudiantes y escritura canónica."""
import re
import subprocess
import sys
import types

import cover
import lab
import links
import make_data
import nbformat
import numpy as np
import pytest
import refresh
import setup_env
import student
from nbformat.v4 import new_code_cell, new_output

import notebooks

ROOT = notebooks.ROOT


# --- Entorno -------------------------------------------------------------------------------------

def message_of(capsys, action):
    with pytest.raises(SystemExit) as error:
        action()
    assert error.value.code == 1
    lines = capsys.readouterr().err.strip().splitlines()
    return lines[-1]


def test_old_python_is_explained_in_one_line(capsys, monkeypatch):
    monkeypatch.setattr(setup_env.sys, "version_info", (3, 8, 1))
    monkeypatch.setattr(setup_env.shutil, "which", lambda name: None)
    text = message_of(capsys, lambda: setup_env.main("nada", []))
    assert "3.11, 3.12 o 3.13" in text and "3.8" in text and "make lab PYTHON=" in text


def test_another_suitable_python_is_used(monkeypatch):
    monkeypatch.setattr(setup_env.sys, "version_info", (3, 14, 0))
    monkeypatch.setattr(setup_env.shutil, "which", lambda name: f"/fake/{name}")
    monkeypatch.setattr(setup_env.subprocess, "call", lambda command, **k: 0 if "3.12" in command[0] else 1)
    assert setup_env.suitable_python() == "/fake/python3.12"


def test_no_disk_is_explained(capsys, monkeypatch):
    monkeypatch.setattr(setup_env.shutil, "disk_usage", lambda path: types.SimpleNamespace(free=10**9))
    assert "quedan 1.0 GB libres" in message_of(capsys, lambda: setup_env.main("nada", []))


@pytest.mark.parametrize("step, words", [("venv", "python3-venv"), ("pip", "red o disco")])
def test_failing_step_is_explained_and_leaves_no_stamp(step, words, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(setup_env.subprocess, "call", lambda command: int(step in command))
    assert words in message_of(capsys, lambda: setup_env.main(str(tmp_path), []))
    assert not (tmp_path / "listo").exists()


def test_environment_is_made_and_stamped(tmp_path):
    folder = tmp_path / "entorno"
    subprocess.run([sys.executable, ROOT / "tools/setup_env.py", folder, "--help"], check=True,
                   stdout=subprocess.DEVNULL)
    assert (folder / "listo").exists() and (folder / "pyvenv.cfg").exists()


def test_setup_env_is_readable_by_an_old_python():
    source = (ROOT / "tools/setup_env.py").read_text("utf-8")
    assert not re.search(r'\bf"', source), "una f-string impediría dar el mensaje en un Python antiguo"


def test_lab_passes_arguments_and_allows_root(monkeypatch):
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0, raising=False)
    assert "--allow-root" in lab.command([]) and lab.command(["--port", "8899"])[-2:] == ["--port", "8899"]
    monkeypatch.setattr(lab.os, "geteuid", lambda: 1000, raising=False)
    assert "--allow-root" not in lab.command([])


# --- Enlaces e índice ----------------------------------------------------------------------------

def test_every_link_comes_from_one_place():
    repository, edition = notebooks.project()
    wanted = repository.removeprefix("https://github.com/")
    pattern = re.compile(r"https://(?:colab\.research\.google\.com/github|github\.com)/([\w.-]+/[\w.-]+)"
                         r"(?:/blob/v([\d.]+))?")
    for path in [ROOT / "README.md", ROOT / "CITATION.cff", *notebooks.paths()]:
        text = path.read_text("utf-8")
        for repo, version in pattern.findall(text):
            assert repo == wanted, f"{path.name} enlaza a {repo}"
            assert version in ("", edition), f"{path.name} enlaza a la edición {version}"
    assert f"version: {edition}" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_readme_tables_are_up_to_date():
    assert notebooks.readme() == (ROOT / "README.md").read_text("utf-8"), "usa make refresh"


def test_index_marks_planned_notebooks():
    text = notebooks.index()
    assert "| 35 Despliegue | *en preparación* | | |" in text
    assert "[01 El perceptrón](notebooks/01_perceptron.ipynb)" in text
    titles = [title for _, titles in notebooks.plan() for title in titles]
    assert [t[:2] for t in titles] == [f"{k:02}" for k in range(37)]


def test_relative_links_exist():
    for path in [ROOT / "README.md", ROOT / "data/README.md", *notebooks.paths()]:
        text = path.read_text("utf-8") if path.suffix == ".md" else "\n".join(
            c.source for c in notebooks.read(path).cells if c.cell_type == "markdown")
        for target in re.findall(r"\]\((?!https?:|#|attachment:)([^)\s]+)\)", text):
            assert (path.parent / target.split("#")[0]).exists(), f"{path.name} enlaza a {target}, que no existe"


@pytest.fixture
def copy_of_project(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "tools").mkdir()
    for name in ("pyproject.toml", "README.md", "CITATION.cff", "tools/plan.toml", "notebooks/01_perceptron.ipynb"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path / "notebooks")
    return tmp_path


def test_links_change_everywhere(copy_of_project):
    old = notebooks.project()[0].removeprefix("https://github.com/")
    links.main("escuela/curso-2027")
    for name in ("pyproject.toml", "README.md", "CITATION.cff", "notebooks/01_perceptron.ipynb"):
        text = (copy_of_project / name).read_text("utf-8")
        assert "escuela/curso-2027" in text and old not in text


@pytest.mark.parametrize("repo", ["", "sin-barra", "https://github.com/a/b", "a/b/c", "a b/c"])
def test_links_rejects_what_is_not_a_repository(repo, copy_of_project):
    before = (copy_of_project / "pyproject.toml").read_bytes()
    with pytest.raises(SystemExit, match="dueño/nombre"):
        links.main(repo)
    assert (copy_of_project / "pyproject.toml").read_bytes() == before


def test_navigation_links_only_what_exists():
    text = notebooks.navigation(17, {"16": "16_x.ipynb"})
    assert "[16 Convolución y pooling desde cero](16_x.ipynb)" in text
    assert "18 CNN en color y aumento de datos (en preparación) →" in text
    assert notebooks.navigation(0, {}).startswith("[Índice]") and notebooks.navigation(36, {}).endswith(")")


# --- Celda de preparación ------------------------------------------------------------------------

def run_setup(folder, **environment):
    source = next(c.source for c in notebooks.read(notebooks.FOLDER / "01_perceptron.ipynb").cells
                  if c.id == "preparacion")
    assert len(source.splitlines()) <= 8
    return subprocess.run([sys.executable, "-c", source], cwd=folder, capture_output=True, text=True,
                          env={**setup_env.os.environ, **environment})


def test_setup_cell_in_the_repository_needs_no_git():
    result = run_setup(notebooks.FOLDER, PATH="")
    assert result.returncode == 0 and "Todo listo" in result.stdout


def test_setup_cell_alone_and_offline_explains_itself(tmp_path):
    result = run_setup(tmp_path, GIT_CONFIG_COUNT="1", GIT_CONFIG_VALUE_0=notebooks.project()[0],
                       GIT_CONFIG_KEY_0=f"url.file://{tmp_path}/nada.insteadOf")
    assert "No pude traer el curso" in result.stderr and not (tmp_path / "curso").exists()


# --- Ejecutar, limpiar y copiar ------------------------------------------------------------------

def test_clean_drops_widgets_state_and_folds_solutions():
    notebook = notebooks.read(notebooks.FOLDER / "01_perceptron.ipynb")
    cell = new_code_cell("1", metadata={"tags": [notebooks.SOLUTION], "scrolled": True, "execution": {}})
    cell.outputs = [new_output("display_data", data={refresh.WIDGET: {}, "text/plain": "control"})]
    notebook.cells.append(cell)
    notebook.metadata["widgets"] = {"estado": 1}
    refresh.clean(notebook)
    assert set(notebook.metadata) == {"curso", "kernelspec", "language_info"}
    assert dict(cell.outputs[0].data) == {"text/plain": "control"}
    assert dict(cell.metadata) == {"tags": [notebooks.SOLUTION], "cellView": "form", "jupyter": {"source_hidden": True}}


def test_refresh_leaves_a_failing_notebook_as_it_was(copy_of_project, capsys):
    path = copy_of_project / "notebooks/01_perceptron.ipynb"
    notebook = notebooks.read(path)
    notebook.cells = [new_code_cell("1 / 0", id="mala")]
    for part in ("requirements.txt", "helpers/runtime.py", "helpers/__init__.py", "helpers/plots.py"):
        (copy_of_project / part).parent.mkdir(exist_ok=True)
        (copy_of_project / part).write_bytes((ROOT / part).read_bytes())
    notebooks.write(notebook, path)
    notebooks.update_all()
    before = path.read_bytes()
    with pytest.raises(SystemExit, match="quedaron como estaban: 01_perceptron.ipynb"):
        refresh.main(["01"])
    assert path.read_bytes() == before and "ZeroDivisionError" in capsys.readouterr().out


def test_cover_finds_its_pictures_and_complains_of_missing_ones():
    for number, start in cover.PICTURES:
        assert cover.picture(number, start).width > 300
    with pytest.raises(SystemExit, match="no tiene una figura"):
        cover.picture("01", "Un gato")


def test_refresh_of_an_unknown_number():
    with pytest.raises(SystemExit, match="No hay cuadernos con el número 77"):
        refresh.main(["77"])


def test_code_hash_sees_code_and_not_text():
    notebook = notebooks.read(notebooks.FOLDER / "01_perceptron.ipynb")
    before = notebooks.code_hash(notebook)
    notebook.cells[2 + 1].source += "\nmás texto"
    notebook.cells[0].source = "otro título"
    assert notebooks.code_hash(notebook) == before
    next(c for c in notebook.cells if c.cell_type == "code" and c.id not in notebooks.GENERATED).source += "\n1"
    assert notebooks.code_hash(notebook) != before


def test_student_copy_has_no_solutions_and_keeps_the_rest():
    original = notebooks.read(notebooks.FOLDER / "01_perceptron.ipynb")
    copy = student.student_copy(nbformat.from_dict(original))
    sources = [c.source for c in copy.cells]
    assert not any("Solución del ejercicio" in s for s in sources)
    assert any("check.perceptron.decide(decide)" in s for s in sources)
    assert all(not c.outputs for c in copy.cells if c.cell_type == "code")


# --- Recetas de los datos ------------------------------------------------------------------------

def test_stratified_draw():
    labels = np.repeat(np.arange(10), 50)[::-1]
    chosen = make_data.stratified(labels, 7, np.random.default_rng(0))
    assert len(set(chosen.tolist())) == 70 and np.bincount(labels[chosen]).tolist() == [7] * 10
    again = make_data.stratified(labels, 7, np.random.default_rng(0))
    assert chosen.tolist() == again.tolist()


def test_idx_readers():
    pixels = np.arange(2 * 784, dtype=np.uint8)
    assert make_data.idx_images(bytes(16) + pixels.tobytes()).tolist() == pixels.reshape(2, 28, 28).tolist()
    assert make_data.idx_labels(bytes(8) + b"\x03\x09").tolist() == [3, 9]


def test_unexpected_source_is_refused():
    with pytest.raises(SystemExit, match="No uso esos datos"):
        make_data.expect(b"otro", "0" * 64, "prueba")
    with pytest.raises(SystemExit, match="No hay receta para «nada»"):
        make_data.main(["nada"])
    with pytest.raises(SystemExit, match="No pude ejecutar «programa-que-no-existe»"):
        make_data.run("programa-que-no-existe")
