#!/bin/sh
# Three machines played by one, to try a cluster out: `member.sh DIRECTORY NUMBER` is what patroni.service runs on one of
# them, with NUMBER from 1 to 3 and everything in DIRECTORY.
set -eu
directory=$1 number=$2
export PATRONI_NAME="pg$number"
export PATRONI_ETCD3_HOSTS=127.0.0.1:2379
export PATRONI_RESTAPI_LISTEN="127.0.0.1:800$number"
export PATRONI_RESTAPI_CONNECT_ADDRESS="127.0.0.1:800$number"
export PATRONI_POSTGRESQL_LISTEN="127.0.0.1:543$number"
export PATRONI_POSTGRESQL_CONNECT_ADDRESS="127.0.0.1:543$number"
export PATRONI_POSTGRESQL_DATA_DIR="$directory/pg$number"
export PATRONI_POSTGRESQL_PGPASS="$directory/pgpass$number"
export PATRONI_SUPERUSER_USERNAME=postgres PATRONI_SUPERUSER_PASSWORD=trying
export PATRONI_REPLICATION_USERNAME=replicator PATRONI_REPLICATION_PASSWORD=trying
export PATRONI_REWIND_USERNAME=rewinder PATRONI_REWIND_PASSWORD=trying
echo $$ >"$directory/pg$number.pid"
exec patroni "$(dirname "$0")/patroni.yml"
