package witness

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"time"
)

// Given is what a token is judged with besides itself. All of it may be empty; then less is checked, and the Token says so.
type Given struct {
	Roots         *x509.CertPool      // whom the reader trusts; nil: no chain is checked, never the system's roots
	Intermediates []*x509.Certificate // handed over beside the answer, at most 64
	Request       []byte              // the request that was carried out, as Request made it
}

// Token is a time stamp that was found to be of the head asked about.
type Token struct {
	Time         time.Time     // stated by the authority, UTC
	Accuracy     time.Duration // either way; 0 when the authority states none
	Serial       string        // decimal, the authority's number of this stamp
	Policy       string        // object identifier of the authority's policy
	HashAlg      string        // of the stamped text: SHA-256, SHA-384 or SHA-512
	TSA          string        // subject of the signing certificate
	Chain        []Certificate // from the signing certificate to the root; without given roots the first alone
	ChainChecked bool          // the chain leads to a given root and was valid at Time; revocation is never checked
	NonceChecked bool          // the answer carries the nonce of the request given
	DER          []byte        // the bare token, to be kept with the case; a TimeStampResp is not kept
	SHA256       string        // of DER
}

// Certificate names one certificate of a chain.
type Certificate struct {
	Subject   string
	SHA256    string // of its DER
	NotBefore time.Time
	NotAfter  time.Time
}

// ReadToken judges an answer: a TimeStampResp or the bare token, in DER, PEM or base64. It checks, in this order: bounds
// and form, the authority's status, the signature over the signed attributes and the content, that the content is the
// stamped text of head, the nonce when a request is given, the purpose of the signing certificate, its binding by
// ESSCertID, its validity at the time stated, and its chain when roots are given. The error wraps one of the sentinels
// of this package and comes with an empty Token.
func ReadToken(tsr []byte, head string, given Given) (Token, error) {
	text, err := StampedText(head)
	if err != nil {
		return Token{}, err
	}
	if len(given.Intermediates) > maxCertificates {
		return Token{}, fail(ErrForm, "%d certificates given, at most %d", len(given.Intermediates), maxCertificates)
	}
	raw, err := unarmour(tsr)
	if err != nil {
		return Token{}, err
	}
	answer, err := der(raw)
	if err != nil {
		return Token{}, err
	}
	bare, err := granted(answer)
	if err != nil {
		return Token{}, err
	}
	s, err := readSigned(bare, given.Intermediates)
	if err != nil {
		return Token{}, err
	}
	info, err := readInfo(s.content)
	if err != nil {
		return Token{}, err
	}
	if err := s.verify(); err != nil {
		return Token{}, err
	}
	hashAlg, err := info.of(text)
	if err != nil {
		return Token{}, err
	}
	if given.Request != nil {
		nonce, err := nonceOf(given.Request, text)
		if err != nil {
			return Token{}, err
		}
		if info.Nonce == nil || info.Nonce.Cmp(nonce) != 0 {
			return Token{}, fail(ErrNonce, "the nonce is missing or another one")
		}
	}
	if err := purpose(s.signer); err != nil {
		return Token{}, err
	}
	if err := s.bound(); err != nil {
		return Token{}, err
	}
	chain, err := s.chain(info.Time, given.Roots)
	if err != nil {
		return Token{}, err
	}
	sum := sha256.Sum256(bare)
	t := Token{
		Time: info.Time.UTC(), Accuracy: info.Accuracy.duration(), Serial: info.Serial.String(), Policy: info.Policy.String(), HashAlg: hashAlg,
		TSA: name(s.signer), ChainChecked: given.Roots != nil, NonceChecked: given.Request != nil, DER: bare, SHA256: hex.EncodeToString(sum[:]),
	}
	for _, c := range chain {
		fp := sha256.Sum256(c.Raw)
		t.Chain = append(t.Chain, Certificate{Subject: name(c), SHA256: hex.EncodeToString(fp[:]), NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC()})
	}
	return t, nil
}

// response is TimeStampResp, RFC 3161 §2.4.2. The status text is read loosely: it is for people and not signed.
type response struct {
	Status struct {
		Status int
		Text   []asn1.RawValue `asn1:"optional"`
		Fail   asn1.BitString  `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

// failures are the bits of PKIFailureInfo.
var failures = []struct {
	bit   int
	words string
}{
	{0, "algorithm not known or not supported"}, {2, "this request is not permitted"}, {5, "the data has the wrong format"},
	{14, "the authority's time source is out of reach"}, {15, "the policy asked for is not supported"}, {16, "an extension asked for is not supported"},
	{17, "information asked for is out of reach"}, {25, "failure of the authority's system"},
}

// granted takes the token out of an answer. What begins with an object identifier is a bare token (CMS ContentInfo).
func granted(b []byte) ([]byte, error) {
	var outer asn1.RawValue
	if rest, err := asn1.Unmarshal(b, &outer); err != nil || len(rest) > 0 || outer.Tag != asn1.TagSequence || !outer.IsCompound {
		return nil, fail(ErrForm, "neither an answer nor a token")
	}
	if len(outer.Bytes) > 0 && outer.Bytes[0] == asn1.TagOID {
		return b, nil
	}
	var r response
	if _, err := asn1.Unmarshal(b, &r); err != nil {
		return nil, fail(ErrForm, "answer: %v", err)
	}
	if r.Status.Status == 0 || r.Status.Status == 1 { // granted, granted with modifications
		if len(r.Token.FullBytes) == 0 {
			return nil, fail(ErrForm, "status %d, but no token", r.Status.Status)
		}
		return r.Token.FullBytes, nil
	}
	e := &StatusError{Status: r.Status.Status}
	for _, f := range failures {
		if r.Status.Fail.At(f.bit) == 1 {
			e.Failure = f.words
		}
	}
	for i, w := range r.Status.Text {
		if i < 5 {
			e.Words = append(e.Words, printable(string(w.Bytes)))
		}
	}
	return nil, e
}
