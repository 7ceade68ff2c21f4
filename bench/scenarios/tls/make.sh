#!/bin/sh
# The certificates of the scenarios; their keys are public and protect nothing. Needs openssl 3.
set -eu
cd "$(dirname "$0")"
make() { # name, subject, extensions, from, to, then how it is signed
    name=$1 subject=$2 extensions=$3 from=$4 to=$5; shift 5
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout new.key -out new.csr -subj "/CN=$subject" 2>/dev/null
    printf '%b\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always\n' "$extensions" > new.ext
    : > index.txt
    openssl ca -batch -notext -config ca.cnf -in new.csr -out "$name.crt" -startdate "$from" -enddate "$to" -extfile new.ext "$@" 2>/dev/null
    cp new.key "$name.key"
}
ca() { make "$1" "$2" 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign' 20200101000000Z 21250101000000Z -selfsign -keyfile new.key; cp "$1.crt" "$1.pem"; }
leaf() { # name, subject, by whom, from, to, more names
    make "$1" "$2" "subjectAltName=DNS:$2${6:-}\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature" "$4" "$5" -cert "$3.crt" -keyfile "$3.key"
    cat "$1.key" "$1.crt" > "$1.pem"
}
cat > ca.cnf <<'CNF'
[ca]
default_ca = d
[d]
database = index.txt
new_certs_dir = issued
rand_serial = yes
default_md = sha256
policy = p
[p]
commonName = supplied
CNF
mkdir -p issued
ca authority "Scenario authority"
ca stranger "Carrier gateway authority"
leaf good centre.example authority 20200101000000Z 21200101000000Z
leaf long centre.example authority 20200101000000Z 21200101000000Z "$(seq -f ',DNS:one-of-very-many-shops-%g.centre.example' 80 | tr -d '\n')"
leaf expired centre.example authority 20200101000000Z 20210101000000Z
leaf early centre.example authority 20380101000000Z 20450101000000Z
leaf other-name other.example authority 20200101000000Z 21200101000000Z
leaf intercepted centre.example stranger 20200101000000Z 21200101000000Z
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=centre.example \
    -addext subjectAltName=DNS:centre.example -keyout new.key -out new.crt 2>/dev/null
cat new.key new.crt > self-signed.pem
rm -rf issued ca.cnf index.txt* ./*.key ./*.crt new.* stranger.pem
