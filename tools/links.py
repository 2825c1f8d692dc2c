"""Cambia la dirección del repositorio en un solo lugar y la propaga (make links REPO=dueño/nombre)."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import notebooks  # noqa: E402


def main(repo):
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo):
        sys.exit(f"Escribe el repositorio como dueño/nombre; llegó «{repo}».")
    old, new = notebooks.project()[0], f"https://github.com/{repo}"
    for name in ("pyproject.toml", "README.md", "CITATION.cff"):
        path = notebooks.ROOT / name
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8", newline="\n")
    notebooks.update_all()
    print(f"Todos los enlaces apuntan a {new}.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
