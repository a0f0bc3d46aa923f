{{/* Outside authorities. What the hub would refuse at its start is refused here, before a pod is asked for. */}}
{{- define "socle.time" -}}
{{- with .Values.time }}
{{- $asked := or .urls .secretName }}
{{- if and .urls .secretName }}{{ fail "time.urls and time.secretName: one of them" }}{{ end }}
{{- if and (eq $.Values.environment "production") (not $asked) }}
{{- fail "environment production needs time.urls (or time.secretName) and time.policies: an outside RFC 3161 authority" }}
{{- end }}
{{- if ne (empty $asked) (empty .policies) }}{{ fail "time.policies goes with time.urls or time.secretName" }}{{ end }}
{{- if and (not $asked) (or .anchors .tlsCaSecretName) }}{{ fail "time.anchors and time.tlsCaSecretName need time.urls or time.secretName" }}{{ end }}
{{- if and .urls .anchors (ne (len .urls) (len .anchors)) }}{{ fail "time.anchors: one fingerprint for each of time.urls, in the same order" }}{{ end }}
{{- if .urls }}
- { name: HUB_TSA_URLS, value: {{ join "," .urls | quote }} }
{{- else if .secretName }}
- name: HUB_TSA_URLS
  valueFrom: { secretKeyRef: { name: {{ .secretName }}, key: urls } }
{{- end }}
{{- if $asked }}
- { name: HUB_TSA_POLICIES, value: {{ join "," .policies | quote }} }
{{- with .anchors }}
- { name: HUB_TSA_ANCHORS, value: {{ join "," . | quote }} }
{{- end }}
{{- if .tlsCaSecretName }}
- { name: HUB_TSA_TLS_CA, value: /etc/socle/time/ca.crt }
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Ports of the authorities, as a JSON list: what the addresses say, and what the operator adds. */}}
{{- define "socle.timePorts" -}}
{{- $ports := .Values.networkPolicy.time.ports }}
{{- range .Values.time.urls }}
{{- $address := urlParse . }}
{{- $usual := ternary "443" "80" (eq $address.scheme "https") }}
{{- $ports = append $ports (regexFind ":[0-9]+$" $address.host | trimPrefix ":" | default $usual | int) }}
{{- end }}
{{- if and .Values.time.secretName (not $ports) }}{{ fail "networkPolicy.time.ports must name the ports of time.secretName" }}{{ end }}
{{- uniq $ports | toJson }}
{{- end }}
