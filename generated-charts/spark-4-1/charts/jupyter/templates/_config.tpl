{{/* Contents of the ConfigMap. */}}
{{- define "jupyter.config" -}}
start.sh: |
  set -euo pipefail
  # A notebook that the user has changed is left alone.
  [ -e "$HOME/welcome.ipynb" ] || cp /etc/sparkyard/welcome.ipynb "$HOME/welcome.ipynb"
  {{ include "sy.python.path" . }}
  cd "$HOME"
  # The token comes by the environment: JUPYTER_TOKEN.
  exec python3 -m jupyterlab --ip=0.0.0.0 --port=8888 --no-browser --ServerApp.root_dir="$HOME" \
    --LabApp.news_url= --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate
requirements.txt: |
  {{- .Files.Get "files/requirements.txt" | nindent 2 }}
install-python.sh: |
  {{- .Files.Get "files/install-python.sh" | nindent 2 }}
welcome.ipynb: |
  {{- .Files.Get "files/welcome.ipynb" | nindent 2 }}
{{- end }}
