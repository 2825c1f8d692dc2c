"""Copia los cuadernos sin soluciones ni salidas a build/estudiante (make student)."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import notebooks  # noqa: E402


def student_copy(notebook):
    """El mismo cuaderno, sin las celdas de solución y sin salidas."""
    notebook.cells = [c for c in notebook.cells if notebooks.SOLUTION not in c.metadata.get("tags", [])]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def main():
    target = notebooks.ROOT / "build" / "estudiante"
    target.mkdir(parents=True, exist_ok=True)
    for path in notebooks.paths():
        notebooks.write(student_copy(notebooks.read(path)), target / path.name)
    print(f"{len(notebooks.paths())} cuadernos sin soluciones en build/estudiante.")


if __name__ == "__main__":
    main()
