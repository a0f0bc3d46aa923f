{{/*
What serve, migrate and topics have in common. Settings stand in the pod and not in a ConfigMap: a changed one then rolls
the replicas by itself, and the jobs that run before an installation have them too.
*/}}
{{- define "socle.settings" -}}
- { name: HUB_ENVIRONMENT, value: {{ .Values.environment | quote }} }
- { name: HUB_PUBLIC_URL, value: {{ .Values.publicUrl | quote }} }
- { name: HUB_LOG_ORIGIN, value: {{ .Values.logOrigin | quote }} }
- { name: HUB_KEYS_DIR, value: /etc/socle/keys }
- name: HUB_STORE_URL
  valueFrom: { secretKeyRef: { name: {{ .Values.store.secretName }}, key: url } }
- { name: HUB_KAFKA_BROKERS, value: {{ join "," .Values.kafka.brokers | quote }} }
- { name: HUB_KAFKA_TLS, value: {{ ternary "on" "off" .Values.kafka.tls | quote }} }
{{- if .Values.kafka.caSecretName }}
- { name: HUB_KAFKA_CA, value: /etc/socle/kafka/ca.crt }
{{- end }}
{{- with .Values.kafka.sasl }}
{{- if .mechanism }}
- { name: HUB_KAFKA_SASL_MECHANISM, value: {{ .mechanism | quote }} }
- name: HUB_KAFKA_SASL_USER
  valueFrom: { secretKeyRef: { name: {{ required "kafka.sasl.secretName" .secretName }}, key: username } }
- name: HUB_KAFKA_SASL_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ .secretName }}, key: password } }
{{- end }}
{{- end }}
{{- with .Values.redis.secretName }}
- name: HUB_REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ . }}, key: url } }
{{- end }}
{{- include "socle.time" . }}
{{- include "socle.witnesses" . }}
{{- range $name, $value := .Values.settings }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "socle.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "socle.containerSecurity" -}}
image: {{ include "socle.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - { name: scratch, mountPath: /tmp, subPath: tmp }
  - { name: scratch, mountPath: /var/lib/socle, subPath: data }
  - { name: keys, mountPath: /etc/socle/keys, readOnly: true }
  {{- if .Values.kafka.caSecretName }}
  - { name: kafka-ca, mountPath: /etc/socle/kafka, readOnly: true }
  {{- end }}
  {{- if .Values.time.tlsCaSecretName }}
  - { name: time-ca, mountPath: /etc/socle/time, readOnly: true }
  {{- end }}
{{- end }}

{{/* Nothing recorded is kept in `scratch`: the ledger is in PostgreSQL. */}}
{{- define "socle.volumes" -}}
- { name: scratch, emptyDir: { sizeLimit: 256Mi } }
- name: keys
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ .Values.keys.secretName }}
          items:
            - { key: log.key, path: log.key }
            - { key: token.key, path: token.key }
            - { key: storage.key, path: storage.key }
            - { key: seal.pem, path: seal.pem }
            - { key: tsa-ca.pem, path: trust/tsa-ca.pem }
            {{- if eq .Values.environment "sandbox" }}
            - { key: tsa.pem, path: tsa.pem }
            - { key: log.vkey, path: trust/log.vkey }
            - { key: seal-ca.pem, path: trust/seal-ca.pem }
            {{- end }}
      {{- /* What is there while a key gives way to the next, and what is read again while the hub runs. */}}
      - secret:
          name: {{ .Values.keys.secretName }}
          optional: true
          items:
            - { key: seal-next.pem, path: seal-next.pem }
            - { key: token-next.key, path: token-next.key }
            - { key: token-old.key, path: token-old.key }
            - { key: seal.crl, path: trust/seal.crl }
            {{- if eq .Values.environment "production" }}
            - { key: log.vkey, path: trust/log.vkey }
            - { key: seal-ca.pem, path: trust/seal-ca.pem }
            {{- end }}
{{- with .Values.kafka.caSecretName }}
- name: kafka-ca
  secret: { secretName: {{ . }}, defaultMode: 0440, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- with .Values.time.tlsCaSecretName }}
- name: time-ca
  secret: { secretName: {{ . }}, defaultMode: 0440, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}
