#!/bin/sh
# Exit 0 when PostgreSQL takes connections over the network, as the application makes them.
exec pg_isready --quiet --host=127.0.0.1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --timeout=2
