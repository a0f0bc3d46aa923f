{{/* Who watches the log from outside: an address and a verifier key each. */}}
{{- define "socle.witnesses" -}}
{{- with .Values.witnesses }}
{{- if and (eq .mode "receipt") (not .list) }}{{ fail "witnesses.mode receipt is of no use without witnesses.list" }}{{ end }}
{{- if gt (int .quorum) (len .list) }}{{ fail "witnesses.quorum: no more than there are in witnesses.list" }}{{ end }}
{{- if .list }}
{{- $places := list }}
{{- range .list }}{{ $places = append $places (printf "%s %s" .url .vkey) }}{{ end }}
- { name: HUB_WITNESSES, value: {{ join "," $places | quote }} }
- { name: HUB_WITNESS_MODE, value: {{ .mode | quote }} }
{{- if .quorum }}
- { name: HUB_WITNESS_QUORUM, value: {{ .quorum | quote }} }
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Their ports, as a JSON list. */}}
{{- define "socle.witnessPorts" -}}
{{- $ports := list }}
{{- range .Values.witnesses.list }}
{{- $address := urlParse .url }}
{{- $usual := ternary "443" "80" (eq $address.scheme "https") }}
{{- $ports = append $ports (regexFind ":[0-9]+$" $address.host | trimPrefix ":" | default $usual | int) }}
{{- end }}
{{- uniq $ports | toJson }}
{{- end }}
