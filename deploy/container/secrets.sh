#!/bin/sh
# Makes the passwords of PostgreSQL's accounts, once, each in a file of mode 0600 for the one account inside that reads it; prints none.
# As root where containers run rootful; as yourself with rootless Podman.
#   ./secrets.sh                                the passwords of the database
#   ./secrets.sh smtp-password < FILE           that of the mail account, which comes in by the input
set -eu
umask 077
cd "$(dirname "$0")"
OURS=10001 POSTGRES=999 # the accounts of our image and of PostgreSQL's

give() { # account inside, file
    if [ "$(id -u)" -eq 0 ]; then
        chown "$1:$1" "$2"
    else
        podman unshare chown "$1:$1" "$2"
    fi
}

if [ "${1-}" = smtp-password ]; then
    new=$(mktemp secrets/new.XXXXXX)
    trap 'rm -f "$new"' EXIT
    cat > "$new"
    give "$OURS" "$new"
    mv -f "$new" secrets/smtp-password
    trap - EXIT
    exit 0
fi
if [ -e secrets ]; then
    echo "secrets/ is there already; nothing was changed." >&2
    exit 0
fi
new=$(mktemp -d ./secrets.XXXXXX)
trap 'rm -rf "$new"' EXIT

# of 256 bits
word() {
    od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'
}

url() {
    printf 'postgresql://%s:%s@/ventanilla?host=/var/run/postgresql' "$1" "$2"
}

owner=$(word) web=$(word) worker=$(word) reader=$(word)
url ventanilla "$owner" > "$new/database-url-owner"
url ventanilla_web "$web" > "$new/database-url-web"
url ventanilla_worker "$worker" > "$new/database-url-worker"
printf '%s' "$reader" > "$new/audit-password"
: > "$new/smtp-password"
word > "$new/postgresql-admin"
{
    printf "\\\\set owner_password '''%s'''\n" "$owner"
    printf "\\\\set web_password '''%s'''\n" "$web"
    printf "\\\\set worker_password '''%s'''\n" "$worker"
    printf "\\\\set reader_password '''%s'''\n" "$reader"
} > "$new/postgresql-roles"
for file in database-url-owner database-url-web database-url-worker audit-password smtp-password; do
    give "$OURS" "$new/$file"
done
for file in postgresql-admin postgresql-roles; do
    give "$POSTGRES" "$new/$file"
done
chmod 711 "$new" # who runs compose sees that the files are there
mv "$new" secrets
trap - EXIT
echo "secrets/ is made: one password for each account." >&2
