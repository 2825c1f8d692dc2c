"""La prueba de la prueba: cuadernos rotos a propósito que nbval debe denunciar."""
import subprocess
import sys
from pathlib import Path

import pytest

CANARIES = Path(__file__).resolve().parent / "canaries"
BROKEN = {"afirmacion_falsa": "ClaimError", "control_que_falla": "ZeroDivisionError",
          "boton_que_falla": "regla rota", "salida_atrasada": "Cell outputs differ",
          "kernel_muerto": "", "ejercicio_mal_corregido": "Cell outputs differ"}


@pytest.fixture(scope="module")
def report():
    """Salida de pytest sobre todos los canarios, con las mismas opciones y un límite corto por celda."""
    assert list(CANARIES.glob("*.ipynb"))
    command = [sys.executable, "-m", "pytest", "-n0", "-rA", "--nbval-cell-timeout=10",
               *map(str, sorted(CANARIES.glob("*.ipynb")))]
    result = subprocess.run(command, capture_output=True, text=True, cwd=CANARIES.parent.parent, timeout=120)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


def test_every_canary_is_listed():
    assert {p.stem for p in CANARIES.glob("*.ipynb")} == {*BROKEN, "sano"}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_notebook_fails(name, report):
    assert f"FAILED tests/canaries/{name}.ipynb" in report
    assert BROKEN[name] in report


def test_healthy_notebook_passes(report):
    lines = [line for line in report.splitlines() if "canaries/sano.ipynb" in line and "::" in line]
    assert lines and all(line.startswith("PASSED") for line in lines)
