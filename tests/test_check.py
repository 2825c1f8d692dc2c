"""helpers.check: afirmaciones y corrección de ejercicios."""
import numpy as np
import pytest

from helpers import check
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict, grade_function, grade_value


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
