"""helpers.runtime y el costo de importar el paquete."""
import subprocess
import sys
import types

import pytest

import notebooks
from helpers import runtime


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
    with pytest.raises(ValueError, match="«cpu» o «gpu»"):
        runtime.device()


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
