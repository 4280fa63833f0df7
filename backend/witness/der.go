package witness

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
)

// unarmour gives the bytes of a file that holds them as they are, as PEM or as base64.
func unarmour(b []byte) ([]byte, error) {
	if len(b) > MaxTokenBytes {
		return nil, fail(ErrForm, "%d bytes, at most %d", len(b), MaxTokenBytes)
	}
	if len(b) > 0 && b[0] == 0x30 && !isText(b) { // SEQUENCE
		return b, nil
	}
	text := bytes.TrimSpace(b)
	if bytes.HasPrefix(text, []byte("-----BEGIN")) {
		block, rest := pem.Decode(text)
		if block == nil || len(bytes.TrimSpace(rest)) > 0 {
			return nil, fail(ErrForm, "no single PEM block")
		}
		return block.Bytes, nil
	}
	out, err := base64.StdEncoding.Strict().DecodeString(string(text)) // line ends are passed over by the decoder
	if err != nil || len(out) == 0 {
		return nil, fail(ErrForm, "neither DER nor PEM nor base64")
	}
	return out, nil
}

// isText tells base64 that happens to begin with "0" from DER, which always has bytes below a space.
func isText(b []byte) bool {
	for _, c := range b {
		if c != '\n' && c != '\r' && c != '\t' && (c < ' ' || c > '~') {
			return false
		}
	}
	return true
}

var errBER = errors.New("damaged or over the bounds")

// der rewrites BER as DER lengths, so that encoding/asn1 can read what some authorities send, and holds the bounds on
// depth and number of elements before any other reader sees the bytes. Octet strings in pieces are joined.
func der(b []byte) ([]byte, error) {
	w := &transcoder{}
	out, rest, err := w.element(b, 0)
	if err != nil {
		return nil, fail(ErrForm, "ASN.1: %v", err)
	}
	if len(rest) > 0 {
		return nil, fail(ErrForm, "%d bytes after the end", len(rest))
	}
	return out, nil
}

type transcoder struct{ elements int }

const (
	constructed = 0x20
	octets      = 0x04
)

func (w *transcoder) element(b []byte, depth int) (out, rest []byte, err error) {
	w.elements++
	if depth > maxDepth || w.elements > maxElements || len(b) < 2 {
		return nil, nil, errBER
	}
	tag := b[0]
	if tag&0x1F == 0x1F || tag == 0 { // high tag numbers and loose end marks do not occur in time stamps
		return nil, nil, errBER
	}
	n, head, indefinite, err := length(b[1:])
	if err != nil {
		return nil, nil, err
	}
	body := b[1+head:]
	if !indefinite {
		if n > len(body) {
			return nil, nil, errBER
		}
		body, rest = body[:n], body[n:]
	}
	if tag&constructed == 0 {
		if indefinite {
			return nil, nil, errBER
		}
		return encode(tag, body), rest, nil
	}
	var content []byte
	for {
		if indefinite {
			if len(body) < 2 {
				return nil, nil, errBER
			}
			if body[0] == 0 && body[1] == 0 {
				rest = body[2:]
				break
			}
		} else if len(body) == 0 {
			break
		}
		var one []byte
		if one, body, err = w.element(body, depth+1); err != nil {
			return nil, nil, err
		}
		if tag == octets|constructed {
			if one[0] != octets {
				return nil, nil, errBER
			}
			_, head, _, err := length(one[1:])
			if err != nil {
				return nil, nil, err
			}
			one = one[1+head:]
		}
		content = append(content, one...)
	}
	if tag == octets|constructed {
		tag = octets
	}
	return encode(tag, content), rest, nil
}

// length reads a length of up to four bytes (X.690 §8.1.3).
func length(b []byte) (n, size int, indefinite bool, err error) {
	if len(b) == 0 {
		return 0, 0, false, errBER
	}
	if b[0] < 0x80 {
		return int(b[0]), 1, false, nil
	}
	if b[0] == 0x80 {
		return 0, 1, true, nil
	}
	k := int(b[0] & 0x7F)
	if k > 4 || len(b) < 1+k {
		return 0, 0, false, errBER
	}
	for _, c := range b[1 : 1+k] {
		if n > MaxTokenBytes {
			return 0, 0, false, errBER
		}
		n = n<<8 | int(c)
	}
	return n, 1 + k, false, nil
}

func encode(tag byte, content []byte) []byte {
	n := len(content)
	out := []byte{tag}
	switch {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 1<<8:
		out = append(out, 0x81, byte(n))
	case n < 1<<16:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, content...)
}
