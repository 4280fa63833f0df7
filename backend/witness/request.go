package witness

import (
	"crypto"
	"crypto/sha256"
	_ "crypto/sha512" // SHA-384 and SHA-512 of imprints
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/digitorus/timestamp"
)

// stampedPrefix separates this use of a head from every other signature over it.
const stampedPrefix = "adjutant case head v1 time stamp\n"

// StampedText is the text whose hash an authority signs. ErrHead for anything but a head.
func StampedText(head string) ([]byte, error) {
	if len(head) != 64 || strings.Trim(head, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("%w: %.80q", ErrHead, head)
	}
	return []byte(stampedPrefix + head + "\n"), nil
}

// nonceBytes is what OpenSSL sends too; longer ones are refused by some authorities.
const nonceBytes = 8

// Request makes the file that is carried to an authority: a TimeStampReq (RFC 3161 §2.4.1) with SHA-256 of the stamped
// text, a nonce of random and the wish to get the certificates back. Keep it beside the case: with it ReadToken can tell
// that an answer is the answer to it.
func Request(head string, random io.Reader) (tsq []byte, err error) {
	text, err := StampedText(head)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, nonceBytes)
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("witness: randomness for the nonce: %w", err)
	}
	nonce[0] |= 0x40 // never zero, whatever random gives
	sum := sha256.Sum256(text)
	tsq, err = (&timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: sum[:], Certificates: true, Nonce: new(big.Int).SetBytes(nonce)}).Marshal()
	if err != nil {
		return nil, fmt.Errorf("witness: request: %w", err)
	}
	return tsq, nil
}

// nonceOf reads back a request of ours for the same head.
func nonceOf(tsq, text []byte) (*big.Int, error) {
	if len(tsq) > maxRequestBytes {
		return nil, fail(ErrForm, "the request has %d bytes, at most %d", len(tsq), maxRequestBytes)
	}
	req, err := timestamp.ParseRequest(tsq)
	if err != nil {
		return nil, fail(ErrForm, "the request: %v", err)
	}
	if req.Nonce == nil || len(req.Nonce.Bytes()) > maxNonceBytes {
		return nil, fail(ErrForm, "the request has no nonce, or one over %d bytes", maxNonceBytes)
	}
	sum, ok := imprint(req.HashAlgorithm, text)
	if !ok || string(sum) != string(req.HashedMessage) {
		return nil, fail(ErrOtherHead, "so is the request given")
	}
	return req.Nonce, nil
}

// imprint hashes with what is still sound; ok is false for SHA-1 and all else.
func imprint(h crypto.Hash, text []byte) (sum []byte, ok bool) {
	switch h {
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
		x := h.New()
		x.Write(text)
		return x.Sum(nil), true
	}
	return nil, false
}
