package witness

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"github.com/digitorus/pkcs7"
)

// tstInfo is TSTInfo, RFC 3161 §2.4.2.
type tstInfo struct {
	Version    int
	Policy     asn1.ObjectIdentifier
	Imprint    messageImprint
	Serial     *big.Int
	Time       time.Time        `asn1:"generalized"`
	Accuracy   accuracy         `asn1:"optional"`
	Ordering   bool             `asn1:"optional"`
	Nonce      *big.Int         `asn1:"optional"`
	TSA        asn1.RawValue    `asn1:"tag:0,optional"`
	Extensions []pkix.Extension `asn1:"tag:1,optional"`
}

type messageImprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Hash      []byte
}

type accuracy struct {
	Seconds int64 `asn1:"optional"`
	Millis  int64 `asn1:"optional,tag:0"`
	Micros  int64 `asn1:"optional,tag:1"`
}

func (a accuracy) duration() time.Duration {
	return time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond + time.Duration(a.Micros)*time.Microsecond
}

func readInfo(b []byte) (tstInfo, error) {
	var i tstInfo
	rest, err := asn1.Unmarshal(b, &i)
	if err != nil || len(rest) > 0 {
		return i, fail(ErrForm, "TSTInfo: damaged (%v, %d bytes after the end)", err, len(rest))
	}
	if i.Version != 1 {
		return i, fail(ErrForm, "TSTInfo: version %d, expected 1", i.Version)
	}
	if len(i.Serial.Bytes()) > maxSerialBytes || i.Nonce != nil && len(i.Nonce.Bytes()) > maxNonceBytes {
		return i, fail(ErrForm, "TSTInfo: serial number or nonce over %d bytes", maxSerialBytes)
	}
	if _, offset := i.Time.Zone(); offset != 0 {
		return i, fail(ErrForm, "TSTInfo: the time is not in UTC")
	}
	a := i.Accuracy
	if a.Seconds < 0 || a.Seconds > maxAccuracy || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999 {
		return i, fail(ErrForm, "TSTInfo: accuracy out of bounds")
	}
	for _, e := range i.Extensions {
		if e.Critical {
			return i, fail(ErrForm, "TSTInfo: critical extension %v is not known here", e.Id)
		}
	}
	return i, nil
}

// of compares the imprint with the text's and names the hash function. A stamp by SHA-384 or SHA-512 over the same text
// says the same; one by SHA-1 says too little.
func (i tstInfo) of(text []byte) (string, error) {
	var h crypto.Hash
	switch oid := i.Imprint.Algorithm.Algorithm; {
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA256):
		h = crypto.SHA256
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA384):
		h = crypto.SHA384
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA512):
		h = crypto.SHA512
	}
	sum, ok := imprint(h, text)
	if !ok {
		return "", fail(ErrForm, "the text was stamped by hash function %v; SHA-256, SHA-384 and SHA-512 are taken", i.Imprint.Algorithm.Algorithm)
	}
	if !bytes.Equal(sum, i.Imprint.Hash) {
		return "", fail(ErrOtherHead, "the imprint is not the one of this head")
	}
	return h.String(), nil
}
