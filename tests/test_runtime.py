"""helpers.runtime y el costo de importar el paquete."""
import ast
import importlib.metadata
import os
import subprocess
import sys
import time
import types

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import notebooks
from helpers import data, runtime


def test_start_says_the_edition(capsys):
    runtime.start()
    assert capsys.readouterr().out == f"Todo listo: edición {notebooks.project()[1]}.\n"


def test_seed_is_shifted_by_the_environment(monkeypatch):
    monkeypatch.delenv("CURSO_SEMILLA", raising=False)
    assert [runtime.seed(), runtime.seed(3)] == [0, 3]
    monkeypatch.setenv("CURSO_SEMILLA", "2")
    assert runtime.seed(3) == 2003
    monkeypatch.setenv("CURSO_SEMILLA", "dos")
    with pytest.raises(ValueError, match="entero no negativo"):
        runtime.seed()


def test_device_follows_the_environment(monkeypatch):
    monkeypatch.setenv("CURSO_DISPOSITIVO", "gpu")
    assert runtime.device() == "gpu" and runtime.pick(cpu=1, gpu=2) == 2
    monkeypatch.setenv("CURSO_DISPOSITIVO", "cpu")
    assert runtime.pick(cpu=1, gpu=2) == 1
    monkeypatch.setenv("CURSO_DISPOSITIVO", "tpu")
    with pytest.raises(ValueError, match="«cpu», «gpu» o «ensayo»"):
        runtime.device()


def test_rehearsal_takes_the_gpu_paths_with_cpu_sizes(monkeypatch):
    monkeypatch.setenv("CURSO_DISPOSITIVO", "ensayo")
    assert runtime.rehearsal() and runtime.device() == "gpu" and runtime.pick(cpu=1, gpu=2) == 1
    monkeypatch.setenv("CURSO_DISPOSITIVO", "gpu")
    assert not runtime.rehearsal()


@pytest.mark.parametrize("cpu, gpu", [(5, 30.0), (5, "30"), ((32, 16), [256, 128]), (1, None)])
def test_pick_wants_two_values_of_the_same_type(cpu, gpu):
    with pytest.raises(TypeError, match="dos valores del mismo tipo"):
        runtime.pick(cpu=cpu, gpu=gpu)


@pytest.mark.parametrize("found", ["cpu", "gpu"])
@pytest.mark.parametrize("backend", ["tensorflow", "torch", "jax"])
def test_device_asks_the_loaded_backend(monkeypatch, backend, found):
    monkeypatch.delenv("CURSO_DISPOSITIVO", raising=False)
    for name in ("tensorflow", "torch", "jax"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    fake = types.SimpleNamespace(
        config=types.SimpleNamespace(list_physical_devices=lambda kind: [kind] if found == "gpu" else []),
        cuda=types.SimpleNamespace(is_available=lambda: found == "gpu"), default_backend=lambda: found)
    assert runtime.device() == "cpu"
    monkeypatch.setitem(sys.modules, backend, fake)
    assert runtime.device() == found


def test_helpers_do_not_load_tensorflow():
    code = ("import sys; from helpers import check, data, plots, runtime, widgets; runtime.start(); "
            "check.perceptron; print([m for m in ('tensorflow', 'keras', 'scipy', 'pandas') if m in sys.modules])")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=notebooks.ROOT,
                            check=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_quiet_hides_compiled_chatter_and_nothing_else():
    code = ("import os, sys; from helpers import runtime\n"
            "with runtime.quiet(): os.write(2, b'saludo interno')\n"
            "os.write(2, b'aviso de verdad')\n"
            "with runtime.quiet(): 1 / 0")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=notebooks.ROOT)
    assert "saludo" not in result.stderr and "aviso de verdad" in result.stderr
    assert "ZeroDivisionError" in result.stderr


# --- Versiones y bibliotecas que faltan ----------------------------------------------------------

def pretend(monkeypatch, **versions):
    """Finge versiones instaladas; None es «no está»."""
    real = importlib.metadata.version

    def version(name):
        if name in versions and versions[name] is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return versions.get(name) or real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)


@pytest.mark.parametrize("name, old", [("numpy", "2.0.9"), ("keras", "3.9.2"), ("tensorflow", "2.9"),
                                       ("matplotlib", "3.9.10rc1"), ("ipywidgets", "7.7.0")])
def test_old_versions_are_compared_as_numbers(name, old, monkeypatch):
    pretend(monkeypatch, **{name: old})
    with pytest.raises(runtime.CourseError, match=f"La versión {old} de {name} es demasiado antigua.*pip install -U"):
        runtime.check_versions()


@pytest.mark.parametrize("versions", [
    {"numpy": "2.10"}, {"numpy": "10.0.0"}, {"keras": "3.13"}, {"keras": "4.0.0rc1"}, {"tensorflow": "2.20.0-dev2026"},
    {"ipywidgets": "7.7.1"}, {"tensorflow": None, "keras": None}])
def test_new_enough_or_optional_passes(versions, monkeypatch):
    pretend(monkeypatch, **versions)
    runtime.check_versions()


@pytest.mark.parametrize("name", ["numpy", "matplotlib", "ipywidgets"])
def test_missing_basic_library(name, monkeypatch):
    pretend(monkeypatch, **{name: None})
    with pytest.raises(runtime.CourseError, match=f"Falta la biblioteca {name}. En Colab.*pip install -U"):
        runtime.check_versions()


def test_old_python(monkeypatch):
    monkeypatch.setattr(runtime.sys, "version_info", (3, 10, 14))
    with pytest.raises(runtime.CourseError, match="necesita Python 3.11 o posterior y este es el 3.10"):
        runtime.check_versions()


def test_an_old_python_without_libraries_can_read_the_message():
    """La preparación solo usa la biblioteca estándar, y sintaxis de Python 3.8, hasta comprobar las versiones."""
    for name in ("helpers/__init__.py", "helpers/runtime.py"):
        ast.parse((notebooks.ROOT / name).read_text("utf-8"), feature_version=(3, 8))
    code = "from helpers import runtime; runtime.start()"
    result = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=notebooks.ROOT)
    assert "CourseError: Falta la biblioteca numpy" in result.stderr


@pytest.mark.parametrize("code, words", [("import tensorflow_de_mentira", "falta «tensorflow_de_mentira»"),
                                         ("from keras_de_mentira.layers import Dense", "falta «keras_de_mentira»")])
def test_quiet_says_what_to_install(code, words):
    with pytest.raises(runtime.CourseError, match=words) as error, runtime.quiet():
        exec(code)
    assert "pip install -U -r requirements.txt" in str(error.value)


def test_reader_sees_only_the_message_of_a_course_error():
    """En un kernel de verdad, como en Jupyter; DataError también es de esta familia."""
    assert issubclass(data.DataError, runtime.CourseError)
    cells = [new_code_cell("from helpers import data\ndata.load('minst')")]
    notebook = new_notebook(cells=cells)
    NotebookClient(notebook, allow_errors=True, kernel_name="python3",
                   resources={"metadata": {"path": str(notebooks.ROOT)}}).execute()
    (output,) = cells[0].outputs
    assert output.ename == "DataError" and output.traceback == [f"✘ {output.evalue}"]
    assert "¿Querías decir «mnist»?" in output.evalue


def test_start_prepares_figures_and_tensorflow(monkeypatch):
    import logging

    import matplotlib
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    with matplotlib.rc_context({"axes.grid": False}):
        runtime.start()
        assert matplotlib.rcParams["axes.grid"]
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"
    assert logging.getLogger("matplotlib").level == logging.NOTSET
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "1")
    runtime.start()
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "1"  # manda lo que pidió quien lee


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="solo Linux enseña los descriptores abiertos")
def test_quiet_leaves_nothing_open():
    before = os.listdir("/proc/self/fd")
    with runtime.quiet():
        pass
    assert len(os.listdir("/proc/self/fd")) == len(before)


@pytest.mark.parametrize("version, numbers", [("2.10.1rc0", (2, 10, 1)), ("7.7.1", (7, 7, 1)), ("3.13", (3, 13)),
                                              ("2.1.3.post4", (2, 1, 3))])
def test_numbers_of_a_version(version, numbers):
    assert runtime._numbers(version) == numbers


# --- El informe ---------------------------------------------------------------------------------

def test_report_has_a_line_for_each_thing(monkeypatch, capsys):
    monkeypatch.setenv("CURSO_PROGRESO", "marcas.json")
    start = time.perf_counter()
    runtime.report()
    assert time.perf_counter() - start < 3  # son centésimas; en una máquina ocupada, más
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10 and all(line[0] in "✔○" for line in lines), lines
    assert lines[0].startswith("✔ Python 3.") and lines[-1] == "✔ tus ejercicios se guardan en marcas.json"
    assert "fashion_mnist, iris, mnist" in lines[-2]


def test_report_does_not_load_tensorflow():
    code = "import sys; from helpers import runtime; runtime.report(); print('tensorflow' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=notebooks.ROOT,
                            check=True)
    assert result.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("versions, line", [
    ({"numpy": "2.0.9"}, "✘ numpy 2.0.9: es demasiado antigua; hace falta la 2.1"),
    ({"matplotlib": None}, "✘ matplotlib: no está."), ({"ipywidgets": "7.6"}, "✘ ipywidgets 7.6: es demasiado"),
    ({"tensorflow": None}, "○ tensorflow: no está. No hace falta hasta el cuaderno 12."),
    ({"keras": "3.2"}, "✘ keras 3.2: es demasiado antigua")])
def test_report_says_what_is_wrong_and_goes_on(versions, line, monkeypatch, capsys):
    pretend(monkeypatch, **versions)
    runtime.report()
    out = capsys.readouterr().out
    assert line in out and "datos: " in out
    assert ("pip install -U" in out) == line.startswith("✘")


def test_report_sees_an_old_python(monkeypatch, capsys):
    monkeypatch.setattr(runtime.sys, "version_info", (3, 10, 14))
    runtime.report()
    assert "✘ Python 3.10.14: el curso necesita la 3.11" in capsys.readouterr().out


@pytest.mark.parametrize("spoil, words", [
    (lambda folder: (folder / "iris.npz").write_bytes(b"nada"), "✘ data/iris.npz: está dañado. Recupéralo"),
    (lambda folder: (folder / "iris.npz").unlink(), "✘ datos: "),
    (lambda folder: [p.unlink() for p in folder.iterdir()], "✘ datos: "),
    (lambda folder: (folder / "iris.toml").write_text("= ="), "✘ datos: data/iris.toml está dañado")])
def test_report_looks_at_the_data(spoil, words, tmp_path, monkeypatch, capsys):
    for name in ("iris.npz", "iris.toml"):
        (tmp_path / name).write_bytes((data.FOLDER / name).read_bytes())
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    spoil(tmp_path)
    runtime.report()
    assert words in capsys.readouterr().out


def test_start_checks_the_versions_first(monkeypatch):
    def old():
        raise runtime.CourseError("demasiado antigua")

    monkeypatch.setattr(runtime, "check_versions", old)
    with pytest.raises(runtime.CourseError, match="demasiado antigua"):
        runtime.start()


def test_quiet_diverts_only_while_it_lasts(capfd):
    os.write(2, b"antes ")
    with runtime.quiet():
        os.write(2, b"dentro ")
        os.write(1, b"salida")
    os.write(2, b"despues")
    captured = capfd.readouterr()
    assert captured.err == "antes despues" and captured.out == "salida"
