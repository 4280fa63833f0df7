package witness

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"unicode"
)

// ReadCertificates reads a file of roots or intermediates: one certificate in DER, or any number in PEM, at most 64.
// ErrForm for anything else, so that a file in which one of five cannot be read is not taken as four.
func ReadCertificates(b []byte) ([]*x509.Certificate, error) {
	if len(b) > MaxCertificatesBytes {
		return nil, fail(ErrForm, "certificates: %d bytes, at most %d", len(b), MaxCertificatesBytes)
	}
	var out []*x509.Certificate
	add := func(der []byte) error {
		c, err := x509.ParseCertificate(der)
		switch {
		case err != nil:
			return fail(ErrForm, "certificate %d: %v", len(out)+1, err)
		case !keyInBounds(c):
			return fail(ErrForm, "certificate %d: key over %d bits", len(out)+1, maxRSABits)
		case len(out) == maxCertificates:
			return fail(ErrForm, "more than %d certificates", maxCertificates)
		}
		out = append(out, c)
		return nil
	}
	if !bytes.Contains(b, []byte("-----BEGIN")) {
		err := add(b)
		return out, err
	}
	blocks := bytes.Count(b, []byte("-----BEGIN"))
	for {
		var block *pem.Block
		block, b = pem.Decode(b)
		if block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fail(ErrForm, "a PEM block is %.40q and no certificate", block.Type)
		}
		if err := add(block.Bytes); err != nil {
			return nil, err
		}
	}
	if len(out) != blocks { // the decoder passes over a damaged block
		return nil, fail(ErrForm, "damaged PEM: %d of %d certificates can be read", len(out), blocks)
	}
	return out, nil
}

func keyInBounds(c *x509.Certificate) bool {
	k, ok := c.PublicKey.(*rsa.PublicKey)
	return !ok || k.N.BitLen() <= maxRSABits
}

// name is a certificate's subject, safe to print: bounded, without control and direction characters.
func name(c *x509.Certificate) string { return printable(c.Subject.String()) }

func printable(s string) string {
	n := 0
	out := strings.Map(func(r rune) rune {
		n++
		switch {
		case n > maxSubject:
			return -1
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
	if n > maxSubject {
		out += "…"
	}
	return out
}
