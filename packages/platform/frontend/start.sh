#!/bin/sh
# Writes nginx's configuration from the environment, then becomes nginx.
set -eu

# plain <name> <value> <characters>: refuses what could end the string it is put into. The characters are a pattern, so unquoted.
plain() {
  case $2 in
    '' | *[!$3]*) echo "$1 is '$2'. Only these characters may stand there: $3" >&2; exit 64 ;;
  esac
}

version=${HELPDESK_VERSION:-dev}
commit=${HELPDESK_COMMIT:-unknown}
backend=${BACKEND_URL:-http://backend:8000}
plain HELPDESK_VERSION "$version" 'A-Za-z0-9._+-'
plain HELPDESK_COMMIT "$commit" 'A-Za-z0-9._+-'
plain BACKEND_URL "$backend" 'A-Za-z0-9.:/_-'

resolvers=
while read -r key address _; do
  [ "$key" = nameserver ] || continue
  case $address in
    *:*) resolvers="$resolvers [$address]" ;;
    *) resolvers="$resolvers $address" ;;
  esac
done </etc/resolv.conf
[ -n "$resolvers" ] || { echo 'No nameserver stands in /etc/resolv.conf, so the backend could not be found.' >&2; exit 78; }

mkdir -p /tmp/nginx
sed -e "s|@VERSION@|$version|" \
    -e "s|@COMMIT@|$commit|" \
    -e "s|@BACKEND_URL@|$backend|" \
    -e "s|@RESOLVERS@|${resolvers# }|" \
    /etc/nginx/helpdesk/nginx.conf >/tmp/nginx/nginx.conf
exec nginx -e stderr -c /tmp/nginx/nginx.conf
