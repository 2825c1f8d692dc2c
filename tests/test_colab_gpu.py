"""La comprobación en una GPU de Colab, con una GPU de mentira: lo que no necesita una tarjeta de verdad."""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import colab_gpu
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from test_colab import colab_environment, published_copy

import notebooks

SCRIPT, NOTEBOOK = notebooks.ROOT / "tools/colab_gpu.py", notebooks.ROOT / "tools/colab_gpu.ipynb"
SEES_GPU = "class config:\n    list_physical_devices = lambda kind: {}\n"
NVIDIA_SMI = """#!/bin/sh
case "$*" in
  *query-gpu=name*) echo "Tarjeta de mentira" ;;
  *query-gpu=memory.total*) echo 15360 ;;
  *query-gpu=memory.used*)
    echo . >> usos.txt
    case $(grep -c . usos.txt) in 1) echo 500 ;; 2) echo 1700 ;; *) echo 900 ;; esac ;;
esac
"""
CELLS = {"90_sano": ["check.claim('exactitud', 0.95, at_least=0.9)"],
         "91_falso": ["check.claim('exactitud | error', 0.5, at_least=0.9)", "check.claim('suma', 4, equal=4)"],
         "92_muerto": ["import os; os._exit(1)", "print('después')"],
         "93_lento": ["import time; time.sleep(600)"]}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Colab es Linux: el guion y su GPU de mentira también")


def program(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """Variables de entorno de un Colab de mentira: el repositorio publicado, una GPU y un TensorFlow que la ve."""
    folder = tmp_path_factory.mktemp("colab")
    (folder / "repositorio/notebooks").mkdir(parents=True)
    for name, cells in CELLS.items():
        sources = ["import sys; sys.path.insert(0, '..'); from helpers import check", *cells]
        notebooks.write(new_notebook(cells=[new_code_cell(source) for source in sources]),
                        folder / f"repositorio/notebooks/{name}.ipynb")
    published_copy(folder / "repositorio")
    environment = colab_environment(folder / "repositorio", folder / "google")
    (folder / "google/tensorflow.py").write_text(SEES_GPU.format(["GPU:0"]))
    program(folder / "bin/nvidia-smi", NVIDIA_SMI)
    here = Path(sys.executable).parent
    return {**environment, "PATH": os.pathsep.join([str(folder / "bin"), str(here), os.environ["PATH"]])}


def start(folder, environment, *arguments):
    """Ejecuta en `folder` una copia suelta del guion."""
    shutil.copy(SCRIPT, folder)
    return subprocess.run([sys.executable, SCRIPT.name, *arguments], cwd=folder, env=environment, timeout=120,
                          capture_output=True, text=True)


def rows(text):
    """{cuaderno: [resultado, segundos, MB, afirmaciones]} de un informe."""
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: row[1:] for row in cells[1:]}


def test_all_right_as_colab_run_sends_it(colab, tmp_path):
    """«colab run» no envía un archivo: ejecuta su texto en un kernel, con sys.argv y sin __file__."""
    code = f"import sys\nsys.argv = ['colab_gpu.py', '1']\n__name__ = '__main__'\n{SCRIPT.read_text('utf-8')}"
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=colab, timeout=120,
                            capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    [(name, (verdict, seconds, megabytes, claims))] = rows(result.stdout).items()
    assert (name, verdict, megabytes) == ("01_perceptron", "✔", "1200")
    good, total = claims.split("/")
    assert good == total != "0" and int(seconds) < 60
    assert "Tarjeta de mentira (15360 MB) · python 3." in result.stdout
    assert result.stdout.endswith("Todo bien: 1 cuadernos.\n")
    assert (tmp_path / "gpu.md").read_text("utf-8") == result.stdout


def test_a_false_claim_is_told_and_the_rest_goes_on(colab, tmp_path):
    (tmp_path / "gpu.md").write_text("un informe viejo")
    result = start(tmp_path, colab, "91", "90")
    assert result.returncode == 1
    table = rows((tmp_path / "gpu.md").read_text("utf-8"))
    assert list(table) == ["91_falso", "90_sano"] and "viejo" not in (tmp_path / "gpu.md").read_text("utf-8")
    assert table["91_falso"][0] == "✘ celdas 2"
    assert table["91_falso"][3] == r"1/2; exactitud \| error: 0.5 (se esperaba al menos 0.9)"
    assert (table["90_sano"][0], table["90_sano"][3]) == ("✔", "1/1")
    assert result.stdout.endswith("Fallaron: 91_falso.\n") and "ClaimError" in result.stderr


def test_a_dead_kernel_is_cut_short(colab, tmp_path):
    result = start(tmp_path, colab, "--limit", "4", "92")
    assert result.returncode == 1
    assert rows(result.stdout)["92_muerto"][0] == "✘ cortado: no terminaba"


def test_an_interrupted_run_keeps_its_rows(colab, tmp_path):
    process = subprocess.Popen([sys.executable, SCRIPT, "90", "93"], cwd=tmp_path, env=colab, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while "90_sano" not in process.stdout.readline():
        assert process.poll() is None
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    report = (tmp_path / "gpu.md").read_text("utf-8")
    assert process.returncode != 0 and list(rows(report)) == ["90_sano"]
    assert rest == "" and "Todo bien" not in report and "Fallaron" not in report


@pytest.mark.parametrize("smi", [None, "#!/bin/sh\necho 'NVIDIA-SMI has failed'\nexit 9\n"])
def test_without_gpu_one_line_says_what_to_do(smi, colab, tmp_path):
    (tmp_path / "bin").mkdir()
    if smi:
        program(tmp_path / "bin/nvidia-smi", smi)
    result = start(tmp_path, {**colab, "PATH": str(tmp_path / "bin")})
    assert result.returncode == 2 and result.stdout == ""
    assert len(result.stderr.splitlines()) == 1 and "Cambiar tipo de entorno" in result.stderr


def test_tensorflow_must_see_the_gpu(colab, tmp_path):
    (tmp_path / "otro").mkdir()
    (tmp_path / "otro/tensorflow.py").write_text(SEES_GPU.format([]))
    result = start(tmp_path, {**colab, "PYTHONPATH": str(tmp_path / "otro")})
    assert result.returncode == 2 and "TensorFlow no la ve" in result.stderr


@pytest.mark.parametrize("arguments, words", [
    (["--edition", "v99.0.0"], "No pude traer v99.0.0"), (["77"], "Esta edición no tiene algún cuaderno de 77")])
def test_what_is_not_published_is_told(arguments, words, colab, tmp_path):
    result = start(tmp_path, colab, *arguments)
    assert result.returncode == 2 and words in result.stderr.splitlines()[-1]
    assert result.stdout == "" and not (tmp_path / "gpu.md").exists()


def test_nbval_goes_apart_and_nothing_else_is_installed(monkeypatch, tmp_path):
    commands = []
    monkeypatch.setattr(colab_gpu, "run", lambda problem, *command: commands.append(command) or "1")
    monkeypatch.setattr(colab_gpu.importlib.util, "find_spec", lambda name: None)
    colab_gpu.prepare(tmp_path, "https://example.org/a/b", "v1.0.0")
    [pip] = [c[c.index("pip"):] for c in commands if "pip" in c]
    assert pip == ("pip", "install", "-q", "--no-deps", "--target", str(tmp_path / "nbval"), *colab_gpu.NBVAL)
    assert [name.split("==")[0] for name in colab_gpu.NBVAL] == ["nbval", "coverage"]
    monkeypatch.setattr(colab_gpu.importlib.util, "find_spec", lambda name: "ya está")
    commands.clear()
    colab_gpu.prepare(tmp_path, "https://example.org/a/b", "v1.0.0")
    assert not any("pip" in command for command in commands)


def test_failing_install_is_told(capsys):
    with pytest.raises(SystemExit) as error:
        colab_gpu.run("No pude traer nbval.", sys.executable, "-c", "import sys; sys.exit('uno\\nsin red')")
    assert error.value.code == 2 and capsys.readouterr().err == "✘ No pude traer nbval. sin red\n"


# --- El cuaderno y los enlaces -------------------------------------------------------------------

def test_notebook_is_one_cell_on_a_gpu():
    notebook = notebooks.read(NOTEBOOK)
    assert NOTEBOOK.read_text("utf-8") == nbformat.writes(notebook) + "\n"
    assert notebook.metadata.accelerator == "GPU"
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code"]
    code = notebook.cells[1]
    assert code.outputs == [] and code.execution_count is None
    repository, edition = notebooks.project()
    assert f"-b v{edition} {repository} " in code.source
    assert f"({notebooks.colab_url('x').split('/notebooks/')[0]}/tools/colab_gpu.ipynb)" in notebook.cells[0].source


def test_notebook_cell_fetches_the_course_and_starts_the_script(colab, tmp_path):
    program(tmp_path / "bin/nvidia-smi", "#!/bin/sh\nexit 9\n")
    lines = [line.removeprefix("!") for line in notebooks.read(NOTEBOOK).cells[1].source.splitlines()]
    result = subprocess.run(["sh", "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True,
                            env={**colab, "PATH": f"{tmp_path}/bin{os.pathsep}{colab['PATH']}"}, timeout=120)
    assert result.returncode == 2 and result.stderr == f"✘ {colab_gpu.NO_GPU}\n"


def test_address_and_edition_come_from_pyproject(monkeypatch):
    assert (colab_gpu.REPOSITORY, colab_gpu.EDITION.removeprefix("v")) == notebooks.project()
    old = notebooks.project()[0].removeprefix("https://github.com/")
    for path in (SCRIPT, NOTEBOOK):
        text = path.read_text("utf-8")
        assert notebooks.stamped(text) == text, f"{path.name} atrasado: usa make refresh o make links"
        with monkeypatch.context() as patch:
            patch.setattr(notebooks, "project", lambda: ("https://github.com/escuela/curso-2027", "2.0.0"))
            new = notebooks.stamped(text)
        assert old not in new and new.count("escuela/curso-2027") == text.count(old)
        assert colab_gpu.EDITION not in new and new.count("v2.0.0") == text.count(colab_gpu.EDITION)
        assert new.count("nbval==0.11.0") == text.count("nbval==0.11.0")
