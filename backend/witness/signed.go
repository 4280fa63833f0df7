package witness

import (
	"bytes"
	"crypto"
	"crypto/sha1" // ESSCertID of RFC 2634 knows nothing else
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"github.com/digitorus/pkcs7"
)

// Object identifiers, RFC 3161 §2.4.2, RFC 5652 §11, RFC 5035.
var (
	oidTSTInfo     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidESSCertID   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidESSCertIDv2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidExtKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidTimeStamps  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
)

// signed is the CMS message of a token with its one signer.
type signed struct {
	message    *pkcs7.PKCS7
	content    []byte
	attributes map[string][]byte // by object identifier, the single value of each
	signer     *x509.Certificate
}

// readSigned takes a token apart. More than the library asks for: one signer, signed attributes each once with one value,
// content and attribute of the type TSTInfo, sound hash functions, keys and certificates within bounds.
func readSigned(token []byte, given []*x509.Certificate) (*signed, error) {
	if err := contentType(token); err != nil {
		return nil, err
	}
	p, err := pkcs7.Parse(token)
	if err != nil {
		return nil, fail(ErrForm, "CMS: %v", err)
	}
	if len(p.Signers) != 1 {
		return nil, fail(ErrForm, "%d signatures, a time stamp has one", len(p.Signers))
	}
	if len(p.Certificates) > maxCertificates {
		return nil, fail(ErrForm, "%d certificates, at most %d", len(p.Certificates), maxCertificates)
	}
	p.Certificates = append(p.Certificates, given...)
	for _, c := range p.Certificates {
		if !keyInBounds(c) {
			return nil, fail(ErrForm, "a certificate has a key over %d bits", maxRSABits)
		}
	}
	s := &signed{message: p, content: p.Content, attributes: map[string][]byte{}}
	signer := p.Signers[0]
	for _, a := range signer.AuthenticatedAttributes {
		id := a.Type.String()
		if _, twice := s.attributes[id]; twice || a.Value.Tag != asn1.TagSet || !a.Value.IsCompound {
			return nil, fail(ErrForm, "signed attribute %s stands twice or is no set", id)
		}
		var one asn1.RawValue
		if rest, err := asn1.Unmarshal(a.Value.Bytes, &one); err != nil || len(rest) > 0 {
			return nil, fail(ErrForm, "signed attribute %s has not one value", id)
		}
		s.attributes[id] = one.FullBytes
	}
	var of asn1.ObjectIdentifier
	if err := s.attribute(pkcs7.OIDAttributeContentType, &of); err != nil || !of.Equal(oidTSTInfo) {
		return nil, fail(ErrForm, "the signed attributes do not say that the content is a time stamp")
	}
	switch alg := signer.DigestAlgorithm.Algorithm; {
	case alg.Equal(pkcs7.OIDDigestAlgorithmSHA256), alg.Equal(pkcs7.OIDDigestAlgorithmSHA384), alg.Equal(pkcs7.OIDDigestAlgorithmSHA512):
	default:
		return nil, fail(ErrSignature, "signed by hash function %v; SHA-256, SHA-384 and SHA-512 are taken", alg)
	}
	if s.signer = p.GetOnlySigner(); s.signer == nil {
		return nil, fail(ErrSignature, "the signing certificate is neither in the token nor among those given, so nothing could be checked")
	}
	return s, nil
}

// contentType holds that a token is SignedData over TSTInfo; the library does not look at the inner type.
func contentType(token []byte) error {
	var outer struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	if rest, err := asn1.Unmarshal(token, &outer); err != nil || len(rest) > 0 || !outer.Type.Equal(pkcs7.OIDSignedData) {
		return fail(ErrForm, "the token is no CMS SignedData")
	}
	var inner struct {
		Version int
		Digests asn1.RawValue
		Content struct {
			Type asn1.ObjectIdentifier
			Rest asn1.RawValue `asn1:"optional"`
		}
	}
	if _, err := asn1.Unmarshal(outer.Content.Bytes, &inner); err != nil || !inner.Content.Type.Equal(oidTSTInfo) {
		return fail(ErrForm, "what is signed is no time stamp")
	}
	return nil
}

func (s *signed) attribute(id asn1.ObjectIdentifier, to any) error {
	rest, err := asn1.Unmarshal(s.attributes[id.String()], to)
	if err == nil && len(rest) > 0 {
		err = errBER
	}
	return err
}

// verify checks message digest and signature. A signing time outside the certificate's validity is told as what it is
// before the library refuses it as a bad signature.
func (s *signed) verify() error {
	var at time.Time
	if err := s.attribute(pkcs7.OIDAttributeSigningTime, &at); err == nil {
		if err := validAt(s.signer, at); err != nil {
			return err
		}
	}
	if err := s.message.Verify(); err != nil {
		return fail(ErrSignature, "%v", err)
	}
	return nil
}

// purpose holds a certificate to RFC 3161 §2.3: extended key usage once, critical, for time stamps and nothing else.
func purpose(c *x509.Certificate) error {
	found := 0
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidExtKeyUsage) {
			continue
		}
		found++
		var uses []asn1.ObjectIdentifier
		if rest, err := asn1.Unmarshal(e.Value, &uses); err != nil || len(rest) > 0 || len(uses) != 1 || !uses[0].Equal(oidTimeStamps) {
			return fail(ErrNotTimestamping, "%s: its extended key usage is not time stamping alone", name(c))
		}
		if !e.Critical {
			return fail(ErrNotTimestamping, "%s: its extended key usage is not marked critical", name(c))
		}
	}
	if found != 1 {
		return fail(ErrNotTimestamping, "%s: %d extended key usages, expected one", name(c), found)
	}
	if c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return fail(ErrNotTimestamping, "%s: its key usage has no signatures", name(c))
	}
	return nil
}

type issuerSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

// bound holds that the signed attributes name the signing certificate by its hash (ESSCertID, RFC 2634 and RFC 5035), so
// that no other certificate of the same name and key can be put in its place.
func (s *signed) bound() error {
	_, v1 := s.attributes[oidESSCertID.String()]
	_, v2 := s.attributes[oidESSCertIDv2.String()]
	if !v1 && !v2 {
		return fail(ErrSignature, "the signed attributes do not name the signing certificate (ESSCertID)")
	}
	if v1 {
		var a struct {
			Certs []struct {
				Hash   []byte
				Issuer issuerSerial `asn1:"optional"`
			}
			Policies asn1.RawValue `asn1:"optional"`
		}
		if err := s.attribute(oidESSCertID, &a); err != nil || len(a.Certs) == 0 {
			return fail(ErrForm, "damaged ESSCertID")
		}
		sum := sha1.Sum(s.signer.Raw)
		if !bytes.Equal(sum[:], a.Certs[0].Hash) || !s.issued(a.Certs[0].Issuer) {
			return fail(ErrSignature, "made for another certificate (ESSCertID)")
		}
	}
	if v2 {
		var a struct {
			Certs []struct {
				Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
				Hash      []byte
				Issuer    issuerSerial `asn1:"optional"`
			}
			Policies asn1.RawValue `asn1:"optional"`
		}
		if err := s.attribute(oidESSCertIDv2, &a); err != nil || len(a.Certs) == 0 {
			return fail(ErrForm, "damaged ESSCertIDv2")
		}
		h := crypto.SHA256 // the default of RFC 5035 §3
		switch alg := a.Certs[0].Algorithm.Algorithm; {
		case len(alg) == 0, alg.Equal(pkcs7.OIDDigestAlgorithmSHA256):
		case alg.Equal(pkcs7.OIDDigestAlgorithmSHA384):
			h = crypto.SHA384
		case alg.Equal(pkcs7.OIDDigestAlgorithmSHA512):
			h = crypto.SHA512
		default:
			return fail(ErrSignature, "ESSCertIDv2 by hash function %v", alg)
		}
		x := h.New()
		x.Write(s.signer.Raw)
		if !bytes.Equal(x.Sum(nil), a.Certs[0].Hash) || !s.issued(a.Certs[0].Issuer) {
			return fail(ErrSignature, "made for another certificate (ESSCertIDv2)")
		}
	}
	return nil
}

// issued compares issuer and number where they are given.
func (s *signed) issued(by issuerSerial) bool {
	if by.Serial == nil {
		return true
	}
	var n asn1.RawValue // GeneralName: directoryName [4]
	_, err := asn1.Unmarshal(by.Issuer.Bytes, &n)
	return err == nil && n.Class == asn1.ClassContextSpecific && n.Tag == 4 && bytes.Equal(n.Bytes, s.signer.RawIssuer) && by.Serial.Cmp(s.signer.SerialNumber) == 0
}

func validAt(c *x509.Certificate, at time.Time) error {
	if at.Before(c.NotBefore) || at.After(c.NotAfter) {
		return fail(ErrChain, "%s was valid from %s to %s, the stamp is of %s", name(c), c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339), at.UTC().Format(time.RFC3339))
	}
	return nil
}

// chain leads the signing certificate to a given root, all valid at the time stated. Without roots only the validity of
// the signing certificate itself is held, and the chain is that certificate.
func (s *signed) chain(at time.Time, roots *x509.CertPool) ([]*x509.Certificate, error) {
	if err := validAt(s.signer, at); err != nil {
		return nil, err
	}
	if roots == nil {
		return []*x509.Certificate{s.signer}, nil
	}
	between := x509.NewCertPool()
	for _, c := range s.message.Certificates {
		between.AddCert(c)
	}
	chains, err := s.signer.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	if err != nil {
		return nil, fail(ErrChain, "%s: %v", name(s.signer), err)
	}
	return chains[0], nil
}
