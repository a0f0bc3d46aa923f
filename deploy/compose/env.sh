#!/bin/sh
# Prints the variables that compose.yaml asks for, each password drawn anew:
#   (umask 077; sh deploy/compose/env.sh > deploy/.env)
# Once only: PostgreSQL keeps the passwords of its first start, Kafka its cluster's name.
set -eu
for name in POSTGRES_PASSWORD SOCLE_OWNER_PASSWORD SOCLE_HUB_PASSWORD SOCLE_READER_PASSWORD REDIS_PASSWORD; do
  echo "$name=$(openssl rand -hex 24)"
done
echo "KAFKA_CLUSTER_ID=$(openssl rand -base64 16 | tr '+/' '-_' | tr -d '=')"
