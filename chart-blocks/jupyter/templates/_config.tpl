{{/* Contents of the ConfigMap. */}}
{{- define "jupyter.config" -}}
start.sh: |
  set -euo pipefail
  # A notebook that the user has changed is left alone.
  [ -e "$HOME/welcome.ipynb" ] || cp /etc/sparkyard/welcome.ipynb "$HOME/welcome.ipynb"
  {{ include "sy.python.path" . }}
  # No question about news at the first login. A baked image has settings of its own.
  if [ -w "$JUPYTERLAB_DIR" ]; then
    mkdir -p "$JUPYTERLAB_DIR/settings"
    echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' >"$JUPYTERLAB_DIR/settings/overrides.json"
  fi
  cd "$HOME"
  {{- with include "sy.connect.login" . }}
  {{ . }}
  {{- end }}
  # The token comes by the environment: JUPYTER_TOKEN.
  exec python3 -m jupyterlab --ip=0.0.0.0 --port=8888 --no-browser --ServerApp.root_dir="$HOME"
requirements.txt: |
  {{- .Files.Get "files/requirements.txt" | nindent 2 }}
install-python.sh: |
  {{- .Files.Get "files/install-python.sh" | nindent 2 }}
welcome.ipynb: |
  {{- .Files.Get "files/welcome.ipynb" | nindent 2 }}
{{- end }}
