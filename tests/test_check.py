"""helpers.check: afirmaciones y corrección de ejercicios."""
import json

import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, _show, grade_function, grade_value


@pytest.mark.parametrize("value, criterion", [
    (0.95, {"at_least": 0.9}), (0.9, {"at_least": 0.9}), (3, {"at_most": 3}), (7, {"equal": 7}),
    ([1, 2], {"equal": [1, 2]}), (np.array([1.0, 2.0]), {"equal": [1, 2.05], "tolerance": 0.1}),
    ("gato", {"equal": "gato"}), (True, {"equal": True})])
def test_true_claims(value, criterion, capsys):
    check.claim("algo", value, **criterion)
    assert capsys.readouterr().out.startswith("✔ algo: ")


@pytest.mark.parametrize("value, criterion", [
    (0.89, {"at_least": 0.9}), (float("nan"), {"at_least": 0.9}), (float("nan"), {"at_most": 3}),
    (3.1, {"at_most": 3}), (8, {"equal": 7}), ([1, 2, 3], {"equal": [1, 2]}),
    ([1.0, 2.0], {"equal": [1, 2.2], "tolerance": 0.1}), ("perro", {"equal": "gato"})])
def test_false_claims_stop_the_tests_and_only_warn_the_reader(value, criterion, capsys, monkeypatch):
    monkeypatch.setenv("CURSO_ESTRICTO", "1")
    with pytest.raises(check.ClaimError, match="algo"):
        check.claim("algo", value, **criterion)
    monkeypatch.delenv("CURSO_ESTRICTO")
    check.claim("algo", value, **criterion)
    assert capsys.readouterr().out.startswith("✘ algo: ")


@pytest.mark.parametrize("value, criterion, written", [
    (np.float32(0.5), {"at_least": 0.25}, {"value": 0.5, "at_least": 0.25, "holds": True}),
    (np.int64(3), {"at_most": 2}, {"value": 3, "at_most": 2, "holds": False}),
    (np.array([1, 2]), {"equal": [1, 2], "tolerance": 0.5},
     {"value": [1, 2], "equal": [1, 2], "tolerance": 0.5, "holds": True}),
    ("Camisa", {"equal": "Camisa"}, {"value": "Camisa", "equal": "Camisa", "holds": True})])
def test_record_keeps_one_line_per_claim(value, criterion, written, tmp_path, monkeypatch):
    """También las que no se cumplen, y aunque detengan el cuaderno; sin la variable no se escribe nada."""
    path = tmp_path / "acta.jsonl"
    monkeypatch.delenv("CURSO_ESTRICTO", raising=False)
    check.claim("antes", value, **criterion)
    assert not path.exists()
    monkeypatch.setenv("CURSO_ACTA", str(path))
    check.claim("año uno", value, **criterion)
    monkeypatch.setenv("CURSO_ESTRICTO", "1")
    if written["holds"]:
        check.claim("año dos", value, **criterion)
    else:
        with pytest.raises(check.ClaimError):
            check.claim("año dos", value, **criterion)
    rest = {"at_least": None, "at_most": None, "equal": None, "tolerance": 0.0, **written}
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {"text": text, **rest} for text in ("año uno", "año dos")]


@pytest.mark.parametrize("criteria", [{}, {"at_least": 1, "at_most": 2}])
def test_claim_wants_exactly_one_criterion(criteria):
    with pytest.raises(ValueError, match="exactamente un criterio"):
        check.claim("algo", 1, **criteria)


def test_numbers_are_short(capsys):
    check.claim("exactitud", np.float64(0.943217), at_least=0.9)
    assert capsys.readouterr().out == "✔ exactitud: 0.9432 (se esperaba al menos 0.9)\n"


def test_unknown_exercises_are_explained():
    with pytest.raises(AttributeError, match="No hay ejercicios llamados «inexistente»"):
        check.inexistente.algo  # noqa: B018


def double(x):
    return 2 * x


def grade(answer):
    return grade_function(answer, double, [(1,), (3.5,), (np.array([1, 2]),)],
                          [("Es el doble, no el cuadrado.", lambda x: x * x)], "Bien.")


@pytest.mark.parametrize("answer, state, words", [
    (..., UNTRIED, "puntos suspensivos"), (None, UNTRIED, "puntos suspensivos"), (lambda x: ..., UNTRIED, "puntos"),
    (lambda x: (..., 1), UNTRIED, "puntos"), (lambda x: 2 * x + ..., UNTRIED, "Todavía queda"),
    (double, RIGHT, "Bien."), (lambda x: x + x, RIGHT, "Bien."), (lambda x: 2.0 * x + 1e-12, RIGHT, "Bien."),
    (lambda x: x * x, CLOSE, "no el cuadrado"), (lambda x: 3 * x, WRONG, "Con x = 1 se esperaba 2 y llegó 3"),
    (lambda x: [x], WRONG, "se esperaba 2"), (lambda x: "2", WRONG, "llegó '2'"),
    (lambda x: None, WRONG, "¿Falta el return?"), (lambda: 1, WRONG, "TypeError"),
    (7, WRONG, "Se esperaba una función"),
    (lambda x: 1 / 0, WRONG, "ZeroDivisionError")])
def test_grade_function(answer, state, words):
    verdict = grade(answer)
    assert verdict.state == state and words in verdict.hint


def test_the_answer_runs_once_per_case_in_silence_and_cannot_touch_the_cases(capsys):
    calls = []

    def noisy(x):
        print("hola")
        calls.append(1)
        result = 2 * x
        if isinstance(x, np.ndarray):
            x += 100
        return result

    assert grade(noisy).state == RIGHT and len(calls) == 3 and capsys.readouterr().out == ""


def test_tuples_are_compared_part_by_part():
    def reference(x):
        return np.ones(2), x

    def verdict(answer):
        return grade_function(answer, reference, [(1.0,)]).state

    assert verdict(lambda x: ([1, 1], 1)) == RIGHT
    assert verdict(lambda x: (np.ones(2), 2)) == WRONG and verdict(lambda x: np.ones(3)) == WRONG


@pytest.mark.parametrize("answer, state", [
    (14, RIGHT), (14.0, RIGHT), (np.int64(14), RIGHT), (16, CLOSE), (3, WRONG), ("14", WRONG), (..., UNTRIED),
    ([14, ...], UNTRIED), ([14], WRONG)])
def test_grade_value(answer, state):
    verdict = grade_value(answer, 14, [("Casi todas.", 16)])
    assert verdict.state == state
    assert state == RIGHT or "se esperaba" not in verdict.hint  # no revela la respuesta


def test_words_ignore_case_and_spaces():
    assert grade_value(" Softmax ", "softmax").state == RIGHT


def test_long_answers_are_shortened():
    assert len(grade_value(list(range(1000)), list(range(999))).hint) < 400
    assert "forma (50, 50)" in grade_value(np.zeros((50, 50)), np.ones((50, 50))).hint


def test_functions_without_a_signature_still_get_a_verdict():
    assert grade(np.square).state == CLOSE and "(1)" in grade(np.negative).hint


def test_verdict_is_readable_and_safe():
    verdict = Verdict(WRONG, "llegó <script>")
    assert repr(verdict) == "✘ Incorrecto. llegó <script>" and "&lt;script&gt;" in verdict._repr_html_()


@pytest.mark.parametrize("value, equal, tolerance, text", [
    (93.68301, 93.683, 5e-4, "93.683 (se esperaba 93.683 ± 0.0005)"),
    (1.095441, 1.0954, 5e-5, "1.0954 (se esperaba 1.0954 ± 5e-05)"),
    (36923.4, 36923, 1, "36923 (se esperaba 36923 ± 1)"),
    (0.0175812, 0.018, 5e-4, "0.01758 (se esperaba 0.018 ± 0.0005)"),
    (4.38312e-4, 4.383e-4, 5e-8, "0.0004383 (se esperaba 0.0004383 ± 5e-08)")])
def test_a_claim_shows_the_decimals_of_its_tolerance(value, equal, tolerance, text, capsys):
    check.claim("algo", value, equal=equal, tolerance=tolerance)
    assert capsys.readouterr().out == f"✔ algo: {text}\n"


@pytest.mark.parametrize("value, text", [
    (np.float64(0.5), "0.5"), (np.array(1 / 3), "0.333333"), (np.array(3), "3"), (np.int64(7), "7"), (0.1 + 0.2, "0.3"),
    (np.arange(20), np.array2string(np.arange(20), separator=", ")), (np.arange(21), "un arreglo de forma (21,)"),
    ((1, np.array([1 / 3])), "(1, [0.3333])"), ("a" * 118, repr("a" * 118)[:117] + "…"), ("a" * 117, repr("a" * 117))])
def test_values_are_shown_short(value, text):
    assert _show(value) == text


@pytest.mark.parametrize("answer", [[[1, 2], [3]], "uno", {"a": 1}, [1], [1, 2, 3]])
def test_answers_of_another_shape_are_wrong_not_fatal(answer):
    assert grade_value(answer, np.array([1.0, 2.0])).state == WRONG


def test_claims_show_arrays_as_lists(capsys):
    check.claim("pesos", np.array([1, 2]), equal=[1, 2])
    check.claim("cuántos", np.int64(3), at_least=2)
    assert capsys.readouterr().out == "✔ pesos: [1, 2] (se esperaba [1, 2])\n✔ cuántos: 3 (se esperaba al menos 2)\n"
