# Debe fallar: consola: queja del navegador
from IPython.display import Javascript

Javascript("console.error('queja del navegador')")
