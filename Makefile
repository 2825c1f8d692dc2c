# Las órdenes del curso. «make» a secas muestra la ayuda.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help lab test test-colab test-bad-days test-browser test-repeat test-power bench refresh links data student
help:
	@echo "make lab          abre el curso en JupyterLab (lo instala la primera vez)"
	@echo "make test         ejecuta todas las pruebas"
	@echo "make test-colab   ejecuta los cuadernos con las versiones de Google Colab"
	@echo "make test-bad-days  cada cuaderno sin red, sin permisos, con poca memoria, a medias…"
	@echo "make test-browser mueve cada control en un JupyterLab y un Chromium de verdad (NB=17 para uno)"
	@echo "make test-repeat  repite los cuadernos con otro azar y mide cada afirmación (N=10, NB=17)"
	@echo "make test-power   siembra fallos en helpers/ y cuenta los que las pruebas notan (ALL=--all)"
	@echo "make bench        compara la velocidad del curso con la de bibliotecas conocidas"
	@echo "make refresh      vuelve a ejecutar y guardar los cuadernos (NB=17 para uno)"
	@echo "make links        cambia la dirección del repositorio: REPO=dueño/nombre"
	@echo "make data         rehace los archivos de data/ (necesita red)"
	@echo "make student      copia los cuadernos sin soluciones a build/estudiante"

# El entorno: se crea una vez y se rehace si cambia requirements.txt.
$(VENV)/listo: requirements.txt tools/setup_env.py
	@$(PYTHON) tools/setup_env.py $(VENV) -r requirements.txt

lab: $(VENV)/listo
	@$(BIN)/python tools/lab.py $(LAB_ARGS)

test: $(VENV)/listo
	@$(BIN)/python -m pytest $(TEST_ARGS)

.venv-colab/listo: requirements.txt tests/constraints/colab.txt tools/setup_env.py
	@$(PYTHON) tools/setup_env.py .venv-colab -r requirements.txt -c tests/constraints/colab.txt

test-colab: .venv-colab/listo
	@.venv-colab/bin/python tools/test_colab.py

test-bad-days: $(VENV)/listo
	@CURSO_DIAS_MALOS=todos $(BIN)/python -m pytest tests/test_bad_days.py

# Lo que solo usan las tres órdenes siguientes: Playwright (el navegador es el del sistema), pytest-cov y rivales.
$(VENV)/medir: $(VENV)/listo Makefile
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check playwright pytest-cov scikit-learn micrograd
	@touch $@

test-browser: $(VENV)/medir
	@$(BIN)/python tools/test_browser.py $(NB)

test-power: $(VENV)/medir
	@$(BIN)/python tools/test_power.py $(ALL)

bench: $(VENV)/medir
	@$(BIN)/python tools/bench.py

test-repeat: $(VENV)/listo
	@$(BIN)/python tools/test_repeat.py -n $(or $(N),10) $(NB)

refresh: $(VENV)/listo
	@$(BIN)/python tools/refresh.py $(NB)

links: $(VENV)/listo
	@$(BIN)/python tools/links.py $(REPO)

data: $(VENV)/listo
	@$(BIN)/python tools/make_data.py $(NAMES)

student: $(VENV)/listo
	@$(BIN)/python tools/student.py
