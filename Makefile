# Las órdenes del curso. «make» a secas muestra la ayuda.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help lab test test-colab refresh links data student
help:
	@echo "make lab          abre el curso en JupyterLab (lo instala la primera vez)"
	@echo "make test         ejecuta todas las pruebas"
	@echo "make test-colab   ejecuta los cuadernos con las versiones de Google Colab"
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

refresh: $(VENV)/listo
	@$(BIN)/python tools/refresh.py $(NB)

links: $(VENV)/listo
	@$(BIN)/python tools/links.py $(REPO)

data: $(VENV)/listo
	@$(BIN)/python tools/make_data.py $(NAMES)

student: $(VENV)/listo
	@$(BIN)/python tools/student.py
