#!/bin/sh
# Makes an authority of this place's own and, with it, what PostgreSQL and each of its accounts prove with who they are: certificate and key, in a
# file of mode 0600 for the one account inside that reads it. Prints none. As root where containers run rootful; as yourself with rootless Podman.
#   ./secrets.sh                                the authority, the certificates, an empty password of the mail account; once
#   ./secrets.sh certificates                   other certificates by the same authority, before those of now end (one year); then `down` and `up`
#   ./secrets.sh smtp-password < FILE           the password of the mail account, which comes in by the input
# secrets/authority.key signs. No container has it; it may lie elsewhere from one year to the next.
set -eu
umask 077
cd "$(dirname "$0")"
OURS=10001 POSTGRES=999 # the accounts of our image and of PostgreSQL's
DAYS=365 DAYS_OF_AUTHORITY=7300

give() { # account inside, file
    if [ "$(id -u)" -eq 0 ]; then
        chown "$1:$1" "$2"
    else
        podman unshare chown "$1:$1" "$2"
    fi
}

key() { # file
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

ask() { # key, common name, and what else openssl is told
    named=$1 name=$2
    shift 2
    printf '[req]\ndistinguished_name=name\n[name]\n' > "$work/config"
    openssl req -new -sha256 -config "$work/config" -key "$named" -subj "/CN=$name" "$@"
}

authority() { # folder
    key "$1/authority.key"
    ask "$1/authority.key" "Ventanilla $(date -u +%Y-%m-%d)" -x509 -days "$DAYS_OF_AUTHORITY" -out "$1/database-authority" \
        -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign
    chmod 644 "$1/database-authority" # for everybody inside; it is no secret
}

certificate() { # folder of the authority, file, common name, account inside, what it is for, another name
    key "$work/key"
    ask "$work/key" "$3" -out "$work/asked"
    printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature "extendedKeyUsage=$5" ${6:+"subjectAltName=$6"} > "$work/extensions"
    openssl x509 -req -sha256 -days "$DAYS" -in "$work/asked" -CA "$1/database-authority" -CAkey "$1/authority.key" \
        -set_serial "0x$(openssl rand -hex 16)" -extfile "$work/extensions" -out "$work/certificate" 2> "$work/said" || {
        cat "$work/said" >&2
        exit 1
    }
    cat "$work/key" "$work/certificate" > "$work/made/$2"
    give "$4" "$work/made/$2"
}

certificates() { # folder of the authority; they are in $work/made
    mkdir "$work/made"
    certificate "$1" database-server postgresql "$POSTGRES" serverAuth DNS:postgresql
    certificate "$1" database-owner ventanilla "$OURS" clientAuth
    certificate "$1" database-web ventanilla_web "$OURS" clientAuth
    certificate "$1" database-worker ventanilla_worker "$OURS" clientAuth
    certificate "$1" database-reader ventanilla_lee "$OURS" clientAuth
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
if [ -e secrets ] && [ "${1-}" != certificates ]; then
    echo "secrets/ is there already; nothing was changed." >&2
    exit 0
fi
work=$(mktemp -d ./secrets.XXXXXX)
trap 'rm -rf "$work"' EXIT
if [ -e secrets ]; then
    from=secrets
    if [ ! -e secrets/database-authority ]; then # a place of before, which entered with passwords
        from=$work
        authority "$work"
    elif [ ! -e secrets/authority.key ]; then
        echo "secrets/authority.key, which signs, is not there; nothing was changed." >&2
        exit 1
    fi
    certificates "$from"
    [ "$from" = secrets ] || mv "$work/authority.key" "$work/database-authority" secrets
    mv -f "$work/made"/* secrets
    echo "secrets/ has other certificates: podman compose down, podman compose up --detach." >&2
    exit 0
fi
authority "$work"
certificates "$work"
mv "$work/authority.key" "$work/database-authority" "$work/made"
: > "$work/made/smtp-password"
give "$OURS" "$work/made/smtp-password"
chmod 711 "$work/made" # who runs compose sees that the files are there
mv "$work/made" secrets
echo "secrets/ is made: a certificate for PostgreSQL and for each of its accounts, and the authority that signed them." >&2
