#!/bin/sh
# Makes the time-stamp fixtures in tsa/ with OpenSSL 3 alone. Run it in an empty place: sh make.sh OUT.
# The private keys are thrown away at the end, so a second run makes other bytes; the tests hold for those as well.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
head=75c46af96d2e39c7ebbfa1dbd7c7fd1b3f5a3f4aee5a5adf0a1de0be1c28d18a
other=1111111111111111111111111111111111111111111111111111111111111111
printf 'adjutant case head v1 time stamp\n%s\n' $head >stamped.txt
printf 'adjutant case head v1 time stamp\n%s\n' $other >other.txt

cat >ca.cnf <<X
[ca]
default_ca = c
[c]
new_certs_dir = .
database = index.txt
rand_serial = yes
default_md = sha256
policy = p
unique_subject = no
copy_extensions = none
[p]
organizationName = optional
commonName = supplied
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[inter]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
[tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ekuloose]
keyUsage = critical,digitalSignature
extendedKeyUsage = timeStamping
[ekutwo]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping,emailProtection
[ekunone]
keyUsage = critical,digitalSignature
[ekumail]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,emailProtection
X
: >index.txt
rsa() { openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key"; }
ec() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
# issue NAME SUBJECT EXTENSIONS CA FROM TO [serial]
issue() {
	openssl req -new -key "$1.key" -subj "$2" -config /dev/null -out "$1.csr" 2>/dev/null || openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
	if [ "$4" = self ]; then set -- "$1" "$2" "$3" "$1" "$5" "$6" -selfsign; else set -- "$1" "$2" "$3" "$4" "$5" "$6" "-cert $4.crt"; fi
	openssl ca -batch -notext -config ca.cnf -extensions "$3" -keyfile "$4.key" $7 -startdate "$5" -enddate "$6" -in "$1.csr" -out "$1.crt" 2>/dev/null
}
a=20200101000000Z
z=20991231235959Z
rsa root; issue root "/O=Adjutant fixtures/CN=Fixture Root" root self $a $z
ec inter; issue inter "/O=Adjutant fixtures/CN=Fixture Issuing CA" inter root $a $z
rsa otherroot; issue otherroot "/O=Somebody else/CN=Other Root" root self $a $z
rsa tsarsa; issue tsarsa "/O=Adjutant fixtures/CN=Fixture TSA RSA" tsa root $a $z
ec tsaec; issue tsaec "/O=Adjutant fixtures/CN=Fixture TSA ECDSA" tsa inter $a $z
ec expired; issue expired "/O=Adjutant fixtures/CN=Fixture TSA expired" tsa root $a 20210101000000Z
for k in ekuloose ekutwo ekunone ekumail; do ec $k; issue $k "/O=Adjutant fixtures/CN=Fixture TSA $k" $k root $a $z; done
# The same name, serial number and key in another certificate: only ESSCertID tells them apart.
ec twin; issue twin "/O=Adjutant fixtures/CN=Fixture TSA twin" tsa root $a $z
cp twin.crt twin1.crt
openssl x509 -req -in twin.csr -CA root.crt -CAkey root.key -set_serial "0x$(openssl x509 -in twin1.crt -noout -serial | cut -d= -f2)" \
	-days 20000 -extfile ca.cnf -extensions tsa -out twin2.crt 2>/dev/null

# tsa NAME CHAIN: a time-stamping authority's configuration
tsa() {
	cat >"$1.cnf" <<X
[tsa]
default_tsa = t
[t]
serial = serial
crypto_device = builtin
signer_cert = $1.crt
certs = $2
signer_key = $1.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.3161.1
digests = sha1,sha256,sha384,sha512
accuracy = secs:1,millisecs:500,microsecs:100
clock_precision_digits = $3
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = $4
X
}
echo 1000 >serial
tsa tsarsa root.crt 0 sha256
tsa tsaec inter.crt 6 sha512
query() { openssl ts -query -config /dev/null "$@" 2>/dev/null; }
reply() { openssl ts -reply -config "$1.cnf" -queryfile "$2" -out "$3" 2>/dev/null; }

query -data stamped.txt -sha256 -cert -out good.tsq
reply tsarsa good.tsq "$out/rsa.tsr"
cp good.tsq "$out/rsa.tsq"
reply tsaec good.tsq "$out/ecdsa-intermediate.tsr"
openssl ts -reply -config tsarsa.cnf -queryfile good.tsq -token_out -out "$out/rsa.token" 2>/dev/null
query -data stamped.txt -sha256 -cert -no_nonce -out nononce.tsq
reply tsarsa nononce.tsq "$out/no-nonce.tsr"
query -data stamped.txt -sha256 -no_nonce -out nocert.tsq
reply tsaec nocert.tsq "$out/no-certificates.tsr"
query -data stamped.txt -sha512 -cert -out sha512.tsq
reply tsarsa sha512.tsq "$out/sha512.tsr"
query -data stamped.txt -sha1 -cert -out sha1.tsq
reply tsarsa sha1.tsq "$out/sha1-imprint.tsr"
query -data other.txt -sha256 -cert -out other.tsq
reply tsarsa other.tsq "$out/other-head.tsr"
query -data stamped.txt -sha256 -cert -tspolicy 1.2.3.4.5 -out policy.tsq
openssl ts -reply -config tsarsa.cnf -queryfile policy.tsq -out "$out/rejected.tsr" 2>/dev/null || true
# ESSCertID of RFC 2634, by SHA-1
tsa tsarsa root.crt 0 sha1
reply tsarsa good.tsq "$out/ess-v1.tsr"

# What openssl ts does not sign is signed as CMS over the same TSTInfo.
openssl cms -verify -noverify -binary -inform DER -in "$out/rsa.token" -out tstinfo.der 2>/dev/null
sign() {
	n=$1; shift
	openssl cms -sign -binary -nodetach -nosmimecap -econtent_type 1.2.840.113549.1.9.16.1.4 -md sha256 -in tstinfo.der -outform DER -out "$out/$n.token" "$@"
}
for k in expired ekuloose ekutwo ekunone ekumail; do sign $k -cades -signer $k.crt -inkey $k.key; done
sign no-ess -signer tsarsa.crt -inkey tsarsa.key
sign two-signers -cades -signer tsarsa.crt -inkey tsarsa.key -signer tsaec.crt -inkey tsaec.key
sign pss -cades -signer tsarsa.crt -inkey tsarsa.key -keyopt rsa_padding_mode:pss
sign twin -cades -nocerts -signer twin1.crt -inkey twin.key
sign no-attributes -noattr -signer tsarsa.crt -inkey tsarsa.key
sign key-id -cades -keyid -signer root.crt -inkey root.key
openssl cms -sign -binary -nodetach -nosmimecap -cades -md sha256 -in tstinfo.der -outform DER -out "$out/data-type.token" -signer tsarsa.crt -inkey tsarsa.key
openssl cms -sign -binary -nodetach -nosmimecap -cades -econtent_type 1.2.840.113549.1.9.16.1.4 -md sha1 -in tstinfo.der -outform DER -out "$out/sha1-signature.token" -signer tsarsa.crt -inkey tsarsa.key
openssl cms -sign -binary -nodetach -nosmimecap -cades -econtent_type 1.2.840.113549.1.9.16.1.4 -md sha256 -in tstinfo.der -stream -indef -outform DER -out "$out/ber.token" -signer tsarsa.crt -inkey tsarsa.key
for c in root inter otherroot twin1 twin2 tsaec; do openssl x509 -in $c.crt -out "$out/$c.pem"; done
