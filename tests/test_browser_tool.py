"""La prueba del navegador sin navegador: avisos, informe, canarios y un JupyterLab que siempre se detiene.

Que ve los fallos lo demuestra ella misma cada vez, con los canarios de canaries_navegador.
"""
import subprocess
import sys
import types

import browser_page
import nbformat
import psutil
import pytest
import test_browser


def message_of(action):
    with pytest.raises(SystemExit) as error:
        action()
    assert isinstance(error.value.code, str) and "\n" not in error.value.code
    return error.value.code


def test_missing_browser_is_explained_in_one_line(monkeypatch):
    monkeypatch.setattr(test_browser.shutil, "which", lambda name: None)
    assert "apt install chromium" in message_of(lambda: test_browser.main([]))


def test_missing_playwright_is_explained_in_one_line(monkeypatch):
    monkeypatch.setattr(test_browser.shutil, "which", lambda name: name)
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert "pip install playwright" in message_of(lambda: test_browser.main([]))


def test_unknown_notebook_is_explained(monkeypatch):
    monkeypatch.setattr(test_browser, "needed", lambda: (None, None, None))
    assert "98, 99" in message_of(lambda: test_browser.main(["01", "99", "98"]))


def test_only_the_known_noise_of_the_console_is_ignored():
    def problems(kind, text):
        return browser_page.console_problems(types.SimpleNamespace(type=kind, text=text))
    assert problems("error", "Uncaught (in promise) TypeError\n  at x") == ["consola: Uncaught (in promise) TypeError"]
    assert problems("warning", "obsoleto") == []
    assert problems("error", "Failed to load resource: net::ERR_NAME_NOT_RESOLVED") == []


@pytest.mark.parametrize("kind, moves", [
    ("slider", 20), ("button", 10), ("checkbox", 10), ("number", 10), ("text", 10), ("canvas", 10)])
def test_moves_of_each_control(kind, moves):
    control = types.SimpleNamespace(click=None)
    assert len(browser_page.actions({"kind": kind, "label": "x", "locator": control})) == moves


def test_control_that_nobody_taught_to_move_is_a_failure():
    with pytest.raises(browser_page.Failure, match="no sabe mover: «color»"):
        browser_page.actions({"kind": "color", "label": "color", "locator": None})


def fake_page(answers):
    """Página cuyo `spy.settle` da las respuestas previstas y donde nada está en rojo."""
    return types.SimpleNamespace(evaluate=lambda code: [] if "bad" in code else answers.pop(0))


@pytest.mark.parametrize("kind, changed, others, mute", [
    ("slider", True, False, False), ("slider", False, True, True), ("checkbox", False, False, True),
    ("dropdown", False, True, False), ("dropdown", False, False, True), ("button", False, True, True)])
def test_which_controls_count_as_mute(kind, changed, others, mute):
    answer = {"sent": True, "others": others, "browser": 50.0 if changed else None, "kernel": 20.0 if changed else None}
    control = types.SimpleNamespace(
        evaluate=lambda code: None, press=lambda key: None, click=lambda: None, select_option=lambda index: None,
        locator=lambda selector: types.SimpleNamespace(count=lambda: 3))
    info = {"kind": kind, "label": "x", "locator": control}
    row = browser_page.exercise(fake_page([answer] * 40), {"problems": []}, info, [])
    assert (row["mute"], row["moves"]) == (mute, 20 if kind == "slider" else 10)
    assert row["browser"] == [50.0] * row["changes"] and row["changes"] == (row["moves"] if changed else 0)


def test_report_marks_the_slow_and_the_failed():
    row = {"label": "peso", "moves": 3, "changes": 2, "browser": [100.0, 150.0], "kernel": [20.0, 30.0]}
    visits = [{"number": "01", "cells": 9, "seconds": 4.2, "widgets": 1, "controls": [row], "problems": []},
              {"number": "17", "cells": 8, "seconds": 9.9, "widgets": 0, "controls": [], "problems": ["a|b"]}]
    lines = test_browser.report(visits, "150.0").splitlines()
    assert "| 01 | 9 | 4 | 1 | ✔ |" in lines and "| 17 | 8 | 10 | 0 | ✘ a/b |" in lines
    assert "| 01 | peso | 3 | 2 | 125 | 148 | 25 | 30 |" in lines
    assert test_browser.percentiles([90.0, 400.0], 150).endswith("▲")
    assert test_browser.percentiles([], 150) == "– | –"


def test_canaries_become_notebooks(tmp_path):
    expected = test_browser.write_canaries(tmp_path)
    assert expected["sano"] is None and expected["boton_que_falla"] == "RuntimeError: botón roto"
    assert {"control_que_falla", "dibujo_que_no_cambia", "kernel_que_muere"} <= {k for k, v in expected.items() if v}
    for name in expected:
        notebook = nbformat.read(tmp_path / f"canario_{name}.ipynb", as_version=4)
        nbformat.validate(notebook)
        assert all("# %%" not in cell.source for cell in notebook.cells)


def test_laboratory_is_stopped_even_if_something_fails(tmp_path):
    with pytest.raises(ZeroDivisionError):
        with test_browser.laboratory(tmp_path) as lab:
            assert psutil.pid_exists(lab["pid"]) and lab["url"].startswith("http://127.0.0.1:") and lab["token"]
            assert lab["root_dir"] == str(tmp_path / "curso")
            1 / 0
    assert not psutil.pid_exists(lab["pid"])


def test_laboratory_that_does_not_start_says_why(tmp_path):
    (tmp_path / "registro").write_text("no hay sitio", "utf-8")
    server = subprocess.Popen([sys.executable, "-c", ""])
    server.wait()
    with pytest.raises(SystemExit, match="no hay sitio"):
        test_browser.address(server, tmp_path)
