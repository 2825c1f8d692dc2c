"""Lo que llevas hecho: qué se apunta, qué no, y qué pasa con un archivo dañado o una carpeta cerrada."""
import json
import os
import sys
import types
import warnings

import IPython  # noqa: F401
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import notebooks
from helpers import check, progress
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG


@pytest.fixture
def marks(tmp_path, monkeypatch):
    """Un archivo de marcas vacío, una celda de cuaderno fingida y ningún aviso dado."""
    path = tmp_path / "hecho" / "progreso.json"
    monkeypatch.setenv("CURSO_PROGRESO", str(path))
    monkeypatch.delenv("CURSO_ESTRICTO", raising=False)
    monkeypatch.setattr(progress, "_warned", set())
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython",
                        lambda: types.SimpleNamespace(user_ns={"In": ["", "check.perceptron.separable(14)"]}))
    return path


def saved(path):
    return json.loads(path.read_text("utf-8"))


def test_the_best_state_stays(marks):
    for answer, state in [(..., None), (7, WRONG), (16, CLOSE), (8, CLOSE), (14, RIGHT), (16, RIGHT), (..., RIGHT)]:
        check.perceptron.separable(answer)
        assert (saved(marks)["perceptron.separable"] if marks.exists() else None) == state


def test_other_marks_are_kept(marks):
    marks.parent.mkdir()
    marks.write_text(json.dumps({"gan.walk": RIGHT, "de.otra_edicion": CLOSE}), "utf-8")
    check.perceptron.separable(14)
    assert saved(marks) == {"gan.walk": RIGHT, "de.otra_edicion": CLOSE, "perceptron.separable": RIGHT}
    assert os.listdir(marks.parent) == ["progreso.json"]  # no queda ningún temporal


@pytest.mark.parametrize("case", ["solución", "pruebas", "fuera de un cuaderno"])
def test_what_is_not_recorded(case, marks, monkeypatch):
    solution = "# @title Solución del ejercicio 4\ncheck.perceptron.separable(14)"
    cells = {"In": ["check.perceptron.separable(14)", solution]}
    if case == "solución":
        monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: types.SimpleNamespace(user_ns=cells))
    elif case == "pruebas":
        monkeypatch.setenv("CURSO_ESTRICTO", "1")
    else:
        monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: None)
    assert check.perceptron.separable(14).state == RIGHT
    assert not marks.exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"perceptron.decide": "muy bien"}', "\x00\x01", ""])
def test_a_damaged_file_is_never_overwritten(content, marks):
    marks.parent.mkdir()
    marks.write_text(content, "utf-8")
    with pytest.warns(progress.ProgressWarning, match="No entiendo .*cámbiale el nombre"):
        assert check.perceptron.separable(14).state == RIGHT
    assert marks.read_text("utf-8") == content
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # el segundo aviso igual no sale
        check.perceptron.separable(14)
        progress.board()


def test_unwritable_place_warns_once_and_still_grades(marks, tmp_path, monkeypatch):
    (tmp_path / "archivo").write_text("")
    monkeypatch.setenv("CURSO_PROGRESO", str(tmp_path / "archivo" / "progreso.json"))  # dentro de un archivo: imposible
    with pytest.warns(progress.ProgressWarning, match="no se recuerdan.*CURSO_PROGRESO"):
        assert check.perceptron.separable(14).state == RIGHT
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check.perceptron.separable(16).state == CLOSE


def test_default_place_is_of_the_user(monkeypatch):
    monkeypatch.delenv("CURSO_PROGRESO", raising=False)
    assert progress.path().name == "progreso.json" and "del-perceptron-a-las-gan" in str(progress.path())


def test_modules_keep_their_names_and_constants():
    assert check.perceptron.WEEKEND and check.perceptron.decide.__name__ == "decide"
    assert check.perceptron.decide.__doc__.startswith("`answer(x, weights, bias)`")
    with pytest.raises(AttributeError, match="No hay ejercicios llamados «perceptrón»"):
        getattr(check, "perceptrón")


LIST = [("00", "Bienvenida", ["welcome.pixels", "welcome.accuracy"]), ("01", "El perceptrón", ["perceptron.nand"])]


@pytest.mark.parametrize("marks, words", [
    ({}, ["00 Bienvenida: 0 de 2. Falta: pixels, accuracy", "Puedes empezar por el cuaderno 00"]),
    ({"welcome.pixels": RIGHT, "welcome.accuracy": RIGHT},
     ["00 Bienvenida: 2 de 2\n", "Puedes empezar por el cuaderno 01"]),
    ({"perceptron.nand": CLOSE}, ["Falta: nand (casi)", "Sigue por el cuaderno 01"]),
    ({"welcome.pixels": RIGHT, "perceptron.nand": UNTRIED}, ["1 de 2. Falta: accuracy", "Sigue por el cuaderno 00"]),
    (dict.fromkeys(["welcome.pixels", "welcome.accuracy", "perceptron.nand"], RIGHT), ["Has hecho todos"])])
def test_board(marks, words):
    board = progress.Board(LIST, marks)
    assert all(w in repr(board) for w in words), repr(board)
    assert "<table>" in board._repr_html_() and "Colab" not in repr(board)


def test_board_in_colab_says_how_to_keep_the_marks(marks, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    assert "%env CURSO_PROGRESO" not in repr(check.progress())  # ya está puesta
    monkeypatch.delenv("CURSO_PROGRESO")
    monkeypatch.setattr(progress, "read", dict)
    assert progress.KEEP_IN_COLAB in repr(check.progress())


def test_board_without_notebooks(marks, tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "NOTEBOOKS", tmp_path / "no existe")
    check.perceptron.separable(16)
    assert "No encuentro la carpeta notebooks/" in repr(check.progress())
    assert "perceptron.separable" in repr(check.progress())
    assert "<table>" not in check.progress()._repr_html_()


def test_exercises_are_those_of_the_notebooks():
    found = {number: keys for number, _, keys in progress.exercises()}
    assert list(found) == [path.name[:2] for path in notebooks.paths()]
    assert found["01"] == ["perceptron.decide", "perceptron.update", "perceptron.nand", "perceptron.separable"]


def test_a_broken_notebook_does_not_hide_the_others(tmp_path, monkeypatch):
    (tmp_path / "00_roto.ipynb").write_text("{")
    (tmp_path / "01_sano.ipynb").write_bytes((notebooks.FOLDER / "01_perceptron.ipynb").read_bytes())
    monkeypatch.setattr(progress, "NOTEBOOKS", tmp_path)
    assert [number for number, *_ in progress.exercises()] == ["01"]


def test_two_real_kernels_add_their_marks(tmp_path, monkeypatch):
    monkeypatch.setenv("CURSO_PROGRESO", str(tmp_path / "progreso.json"))
    monkeypatch.setenv("CURSO_ESTRICTO", "0")
    options = {"kernel_name": "python3", "resources": {"metadata": {"path": str(notebooks.ROOT)}}}
    for source in ("check.perceptron.separable(14)", "check.perceptron.nand([1, 1], -1.5)",
                   "# @title Solución del ejercicio 3\ncheck.perceptron.nand([-1, -1], 1.5)"):
        cells = [new_code_cell("from helpers import check"), new_code_cell(source)]
        NotebookClient(new_notebook(cells=cells), **options).execute()
    assert saved(tmp_path / "progreso.json") == {"perceptron.nand": CLOSE, "perceptron.separable": RIGHT}
