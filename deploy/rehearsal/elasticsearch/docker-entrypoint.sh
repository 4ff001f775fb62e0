#!/bin/bash
# What the node's image does at its start: settings from variables with a dot, the first superuser's password into the keystore.
set -eu
if [ "$1" != eswrapper ]; then exec "$@"; fi
options=()
while IFS='=' read -r -d '' name value; do
  if [[ "$name" == *.* ]]; then options+=("-E$name=$value"); fi
done < <(env -0)
if [ -n "${ELASTIC_PASSWORD:-}" ]; then
  [ -f config/elasticsearch.keystore ] || bin/elasticsearch-keystore create
  if ! bin/elasticsearch-keystore list | grep -qx bootstrap.password; then
    echo "$ELASTIC_PASSWORD" | bin/elasticsearch-keystore add -x bootstrap.password
  fi
fi
exec bin/elasticsearch "${options[@]}"
