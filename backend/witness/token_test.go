package witness_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/witness"
)

// The heads that testdata/make.sh stamps.
const (
	head  = "75c46af96d2e39c7ebbfa1dbd7c7fd1b3f5a3f4aee5a5adf0a1de0be1c28d18a"
	other = "1111111111111111111111111111111111111111111111111111111111111111"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "tsa", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func certificates(t testing.TB, name string) []*x509.Certificate {
	t.Helper()
	c, err := witness.ReadCertificates(fixture(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func pool(t testing.TB, names ...string) *x509.CertPool {
	t.Helper()
	p := x509.NewCertPool()
	for _, n := range names {
		for _, c := range certificates(t, n) {
			p.AddCert(c)
		}
	}
	return p
}

func TestReadTokenTakesWhatIsSound(t *testing.T) {
	roots := witness.Given{Roots: pool(t, "root.pem")}
	withRequest := witness.Given{Roots: roots.Roots, Request: fixture(t, "rsa.tsq")}
	for _, c := range []struct {
		name, file, tsa string
		given           witness.Given
		chain           int
		hash            string
		accuracy        time.Duration
	}{
		{"RSA", "rsa.tsr", "CN=Fixture TSA RSA,O=Adjutant fixtures", roots, 2, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
		{"with its request", "rsa.tsr", "CN=Fixture TSA RSA,O=Adjutant fixtures", withRequest, 2, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
		{"bare token", "rsa.token", "CN=Fixture TSA RSA,O=Adjutant fixtures", withRequest, 2, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
		{"no roots", "rsa.tsr", "CN=Fixture TSA RSA,O=Adjutant fixtures", witness.Given{}, 1, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
		{"ECDSA, intermediate in the token, microseconds, ESSCertIDv2 by SHA-512", "ecdsa-intermediate.tsr", "CN=Fixture TSA ECDSA,O=Adjutant fixtures", roots, 3, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
		{"certificates from files alone", "no-certificates.tsr", "CN=Fixture TSA ECDSA,O=Adjutant fixtures",
			witness.Given{Roots: roots.Roots, Intermediates: append(certificates(t, "inter.pem"), certificates(t, "tsaec.pem")...)}, 3, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
		{"SHA-512 imprint", "sha512.tsr", "CN=Fixture TSA RSA,O=Adjutant fixtures", roots, 2, "SHA-512", 1500*time.Millisecond + 100*time.Microsecond},
		{"ESSCertID by SHA-1 as RFC 3161 had it", "ess-v1.tsr", "CN=Fixture TSA RSA,O=Adjutant fixtures", roots, 2, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
		{"no nonce, none asked", "no-nonce.tsr", "CN=Fixture TSA RSA,O=Adjutant fixtures", roots, 2, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
		{"BER with indefinite lengths and octets in pieces", "ber.token", "CN=Fixture TSA RSA,O=Adjutant fixtures", withRequest, 2, "SHA-256", 1500*time.Millisecond + 100*time.Microsecond},
	} {
		got, err := witness.ReadToken(fixture(t, c.file), head, c.given)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got.TSA != c.tsa || len(got.Chain) != c.chain || got.HashAlg != c.hash || got.Accuracy != c.accuracy || got.Policy != "1.3.6.1.4.1.99999.3161.1" {
			t.Errorf("%s: %+v", c.name, got)
		}
		if got.ChainChecked != (c.given.Roots != nil) || got.NonceChecked != (c.given.Request != nil) || got.Time.Year() < 2026 || got.Time.Location() != time.UTC || len(got.SHA256) != 64 {
			t.Errorf("%s: %+v", c.name, got)
		}
		// What is kept is enough to judge again.
		again, err := witness.ReadToken(got.DER, head, c.given)
		if err != nil || again.SHA256 != got.SHA256 || !again.Time.Equal(got.Time) {
			t.Errorf("%s: the kept token reads as %+v, %v", c.name, again, err)
		}
	}
	ec, err := witness.ReadToken(fixture(t, "ecdsa-intermediate.tsr"), head, roots)
	if err != nil || ec.Time.Nanosecond()%int(time.Millisecond) == 0 {
		t.Errorf("parts of a second are lost: %v %v", ec.Time, err)
	}
}

func TestReadTokenRefuses(t *testing.T) {
	roots := witness.Given{Roots: pool(t, "root.pem")}
	withRequest := witness.Given{Roots: roots.Roots, Request: fixture(t, "rsa.tsq")}
	for _, c := range []struct {
		name, file, head string
		given            witness.Given
		want             error
	}{
		{"other head", "other-head.tsr", head, roots, witness.ErrOtherHead},
		{"asked about another head", "rsa.tsr", other, roots, witness.ErrOtherHead},
		{"request of another head", "other-head.tsr", other, withRequest, witness.ErrOtherHead},
		{"rejected", "rejected.tsr", head, roots, witness.ErrStatus},
		{"answer to another request", "sha512.tsr", head, withRequest, witness.ErrNonce},
		{"no nonce though asked", "no-nonce.tsr", head, withRequest, witness.ErrNonce},
		{"foreign root", "rsa.tsr", head, witness.Given{Roots: pool(t, "otherroot.pem")}, witness.ErrChain},
		{"no root at all", "rsa.tsr", head, witness.Given{Roots: x509.NewCertPool()}, witness.ErrChain},
		{"expired", "expired.token", head, roots, witness.ErrChain},
		{"expired, no roots", "expired.token", head, witness.Given{}, witness.ErrChain},
		{"intermediate missing", "no-certificates.tsr", head, witness.Given{Roots: roots.Roots, Intermediates: certificates(t, "tsaec.pem")}, witness.ErrChain},
		{"no certificate anywhere", "no-certificates.tsr", head, roots, witness.ErrSignature},
		{"purpose not critical", "ekuloose.token", head, roots, witness.ErrNotTimestamping},
		{"purpose and another", "ekutwo.token", head, roots, witness.ErrNotTimestamping},
		{"no purpose", "ekunone.token", head, roots, witness.ErrNotTimestamping},
		{"other purpose", "ekumail.token", head, witness.Given{}, witness.ErrNotTimestamping},
		{"SHA-1 imprint", "sha1-imprint.tsr", head, roots, witness.ErrForm},
		{"SHA-1 signature", "sha1-signature.token", head, roots, witness.ErrSignature},
		{"PSS, which the library does not know", "pss.token", head, roots, witness.ErrSignature},
		{"no ESSCertID", "no-ess.token", head, roots, witness.ErrSignature},
		{"two signers", "two-signers.token", head, roots, witness.ErrForm},
		{"no signed attributes", "no-attributes.token", head, roots, witness.ErrForm},
		{"signer named by key", "key-id.token", head, roots, witness.ErrForm},
		{"content of another type", "data-type.token", head, roots, witness.ErrForm},
		{"twin certificate", "twin.token", head, witness.Given{Roots: roots.Roots, Intermediates: certificates(t, "twin2.pem")}, witness.ErrSignature},
		{"a certificate", "root.pem", head, roots, witness.ErrForm},
		{"a request", "rsa.tsq", head, roots, witness.ErrForm},
		{"no head", "rsa.tsr", strings.ToUpper(head), roots, witness.ErrHead},
	} {
		got, err := witness.ReadToken(fixture(t, c.file), c.head, c.given)
		if !errors.Is(err, c.want) || got.DER != nil || !got.Time.IsZero() {
			t.Errorf("%s: %v, expected %v", c.name, err, c.want)
		}
	}
	// The right one of the twins is taken, so the test above fails for the certificate and nothing else.
	if _, err := witness.ReadToken(fixture(t, "twin.token"), head, witness.Given{Roots: roots.Roots, Intermediates: certificates(t, "twin1.pem")}); err != nil {
		t.Error(err)
	}
	var status *witness.StatusError
	_, err := witness.ReadToken(fixture(t, "rejected.tsr"), head, roots)
	if !errors.As(err, &status) || status.Status != 2 || status.Failure != "the policy asked for is not supported" || len(status.Words) != 1 {
		t.Errorf("%v %+v", err, status)
	}
}

// TestMangled changes, drops and adds at every byte of a token: what is taken must be the same stamp.
func TestMangled(t *testing.T) {
	roots := witness.Given{Roots: pool(t, "root.pem")}
	for _, file := range []string{"rsa.tsr", "ecdsa-intermediate.tsr"} {
		b := fixture(t, file)
		good, err := witness.ReadToken(b, head, roots)
		if err != nil {
			t.Fatal(err)
		}
		taken := 0
		for i := range b {
			for _, bit := range []byte{0x01, 0x80} {
				m := bytes.Clone(b)
				m[i] ^= bit
				got, err := witness.ReadToken(m, head, roots)
				if err != nil {
					continue
				}
				taken++
				// Bytes outside the signature can change without changing what is said: the status of the answer, versions,
				// parameters of algorithms, an unused certificate.
				if !got.Time.Equal(good.Time) || got.Serial != good.Serial || got.TSA != good.TSA || got.Accuracy != good.Accuracy || got.Policy != good.Policy {
					t.Fatalf("%s: byte %d changed: taken as %+v", file, i, got)
				}
			}
			if _, err := witness.ReadToken(b[:i], head, roots); err == nil {
				t.Fatalf("%s: cut after %d bytes: taken", file, i)
			}
		}
		// The signed answer of the RSA authority encloses the root, which is not used from there.
		if taken > len(b) {
			t.Errorf("%s: %d of %d changes taken", file, taken, 2*len(b))
		}
		t.Logf("%s: %d of %d changed bits make no difference", file, taken, 2*len(b))
		if _, err := witness.ReadToken(append(bytes.Clone(b), 0), head, roots); !errors.Is(err, witness.ErrForm) {
			t.Errorf("%s: a byte after the end: %v", file, err)
		}
	}
}

func TestArmour(t *testing.T) {
	b := fixture(t, "rsa.tsr")
	text := base64.StdEncoding.EncodeToString(b)
	lines := ""
	for i := 0; i < len(text); i += 64 {
		lines += text[i:min(i+64, len(text))] + "\r\n"
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "TIMESTAMP", Bytes: b})
	want, err := witness.ReadToken(b, head, witness.Given{})
	if err != nil {
		t.Fatal(err)
	}
	for name, armoured := range map[string][]byte{"base64": []byte(text), "base64 in lines": []byte(lines), "pem": block} {
		got, err := witness.ReadToken(armoured, head, witness.Given{})
		if err != nil || got.SHA256 != want.SHA256 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range map[string][]byte{
		"empty": nil, "blank": []byte(" \n"), "words": []byte("Dear Sir"), "two blocks": append(bytes.Clone(block), block...), "half a block": block[:len(block)/2],
		"too long": make([]byte, witness.MaxTokenBytes+1), "deep": bytes.Repeat([]byte{0x30, 0x80}, 60_000), "wide": append([]byte{0x30, 0x83, 1, 0x86, 0xA0}, bytes.Repeat([]byte{5, 0}, 50_000)...),
		"endless length": {0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF, 0x02}, "high tag": {0x30, 0x03, 0x1F, 0x81, 0x00}, "empty sequence": {0x30, 0x00}, "answer without token": {0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00},
	} {
		if _, err := witness.ReadToken(bad, head, witness.Given{}); !errors.Is(err, witness.ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRequestBytes(t *testing.T) {
	tsq, err := witness.Request(head, bytes.NewReader([]byte{1, 2, 3, 4, 5, 6, 7, 8}))
	if err != nil {
		t.Fatal(err)
	}
	// TimeStampReq: version 1, SHA-256 of the stamped text, nonce, certificates wanted.
	const want = "3043020101" + "3031300d060960864801650304020105000420" + "d52187a6687536d7cbbe1e098a0f31efbf271675fe784609ce99b21369eaf542" + "0208" + "4102030405060708" + "0101ff"
	if got := hex.EncodeToString(tsq); got != want {
		t.Errorf("\n%s\n%s", got, want)
	}
	if _, err := witness.Request(head[:63]+"G", bytes.NewReader(make([]byte, 8))); !errors.Is(err, witness.ErrHead) {
		t.Error(err)
	}
	if _, err := witness.Request(head, bytes.NewReader(make([]byte, 7))); err == nil {
		t.Error("a request without enough randomness")
	}
}

// TestOpenSSLAuthority carries a fresh request to a real authority on this machine and reads the answer back.
func TestOpenSSLAuthority(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("SKIPPED: openssl is not installed; no request of ours was answered by another program")
	}
	dir := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(openssl, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("x.cnf", "[req]\ndistinguished_name=d\nprompt=no\nx509_extensions=e\n[d]\nCN=Live TSA\n[e]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"+
		"[t]\nserial=serial\nsigner_cert=tsa.crt\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\n")
	write("serial", "01")
	run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", "tsa.key", "-out", "tsa.crt", "-config", "x.cnf", "-days", "30")
	tsq, err := witness.Request(head, bytes.NewReader([]byte{0xFF, 0, 0, 0, 0, 0, 0, 9}))
	if err != nil {
		t.Fatal(err)
	}
	write("ask.tsq", string(tsq))
	if said := run("ts", "-query", "-in", "ask.tsq", "-text"); !strings.Contains(said, "Hash Algorithm: sha256") || !strings.Contains(said, "Certificate required: yes") {
		t.Errorf("openssl reads our request as\n%s", said)
	}
	run("ts", "-reply", "-config", "x.cnf", "-section", "t", "-queryfile", "ask.tsq", "-out", "answer.tsr")
	answer, err := os.ReadFile(filepath.Join(dir, "answer.tsr"))
	if err != nil {
		t.Fatal(err)
	}
	crt, err := os.ReadFile(filepath.Join(dir, "tsa.crt"))
	if err != nil {
		t.Fatal(err)
	}
	certs, err := witness.ReadCertificates(crt)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certs[0])
	got, err := witness.ReadToken(answer, head, witness.Given{Roots: roots, Request: tsq})
	if err != nil || !got.NonceChecked || !got.ChainChecked || got.TSA != "CN=Live TSA" || time.Since(got.Time).Abs() > time.Hour {
		t.Errorf("%v %+v", err, got)
	}
}

func TestReadCertificates(t *testing.T) {
	root, inter := fixture(t, "root.pem"), fixture(t, "inter.pem")
	both := append(bytes.Clone(root), inter...)
	if c, err := witness.ReadCertificates(both); err != nil || len(c) != 2 {
		t.Errorf("%d %v", len(c), err)
	}
	block, _ := pem.Decode(root)
	if c, err := witness.ReadCertificates(block.Bytes); err != nil || len(c) != 1 {
		t.Errorf("DER: %d %v", len(c), err)
	}
	broken := bytes.Replace(bytes.Clone(both), []byte("MII"), []byte("!!!"), 1)
	for name, bad := range map[string][]byte{"empty": nil, "one of two damaged": broken, "a token": fixture(t, "rsa.token"), "too long": make([]byte, witness.MaxCertificatesBytes+1),
		"another block": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: block.Bytes}), "too many": bytes.Repeat(root, 65)} {
		if c, err := witness.ReadCertificates(bad); !errors.Is(err, witness.ErrForm) || c != nil {
			t.Errorf("%s: %d certificates, %v", name, len(c), err)
		}
	}
}

func FuzzReadToken(f *testing.F) {
	files, err := filepath.Glob("testdata/tsa/*.t*")
	if err != nil || len(files) < 20 {
		f.Fatal(len(files), err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	roots := witness.Given{Roots: pool(f, "root.pem"), Intermediates: append(certificates(f, "inter.pem"), certificates(f, "tsaec.pem")...)}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := witness.ReadToken(b, head, roots)
		if err == nil {
			// The root is a fixture whose key is gone: whatever is taken is one of its stamps, and can be read again.
			if again, err := witness.ReadToken(got.DER, head, roots); err != nil || again.Serial != got.Serial || !again.Time.Equal(got.Time) {
				t.Errorf("%+v, again %+v, %v", got, again, err)
			}
			return
		}
		known := false
		for _, e := range []error{witness.ErrForm, witness.ErrStatus, witness.ErrOtherHead, witness.ErrSignature, witness.ErrNotTimestamping, witness.ErrChain, witness.ErrNonce} {
			known = known || errors.Is(err, e)
		}
		if !known {
			t.Errorf("an error without a kind: %v", err)
		}
	})
}

func FuzzReadCertificates(f *testing.F) {
	f.Add(fixture(f, "root.pem"))
	f.Add(append(fixture(f, "twin1.pem"), fixture(f, "twin2.pem")...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := witness.ReadCertificates(b); err == nil && len(c) == 0 {
			t.Error("no certificate and no error")
		}
	})
}
