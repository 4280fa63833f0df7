package witness

import (
	"errors"
	"fmt"
)

// What can be wrong with an answer. Each is told apart, because a person does something else about it.
var (
	// ErrForm: the bytes are no answer and no token in a form that can be judged.
	ErrForm = errors.New("witness: not a time stamp that can be read")
	// ErrStatus: the authority answered that it gives no stamp. *StatusError has its words.
	ErrStatus = errors.New("witness: the authority gave no time stamp")
	// ErrOtherHead: a sound stamp, but of something else than this head.
	ErrOtherHead = errors.New("witness: the time stamp is of another head")
	// ErrSignature: the signature does not hold, or not for the certificate that it names.
	ErrSignature = errors.New("witness: the signature of the time stamp does not hold")
	// ErrNotTimestamping: the signing certificate is not one for time stamps alone (RFC 3161 §2.3).
	ErrNotTimestamping = errors.New("witness: the certificate is not for time stamps")
	// ErrChain: the certificate does not lead to a given root, or was not valid at the time stated.
	ErrChain = errors.New("witness: the certificate chain does not hold")
	// ErrNonce: the answer is not the answer to this request.
	ErrNonce = errors.New("witness: the time stamp answers another request")
	// ErrHead: the head asked about is not 64 lower-case hexadecimal digits.
	ErrHead = errors.New("witness: not a case head")
)

// StatusError is the refusal of an authority in its own words.
type StatusError struct {
	Status  int      // PKIStatus of RFC 3161 §2.4.2
	Failure string   // PKIFailureInfo in words, "" when none is given
	Words   []string // the authority's text, made safe to print
}

func (e *StatusError) Error() string {
	s := fmt.Sprintf("%v: status %d", ErrStatus, e.Status)
	if e.Failure != "" {
		s += ", " + e.Failure
	}
	for _, w := range e.Words {
		s += fmt.Sprintf(" (%q)", w)
	}
	return s
}

func (e *StatusError) Unwrap() error { return ErrStatus }

func fail(kind error, f string, a ...any) error {
	return fmt.Errorf("%w: "+f, append([]any{kind}, a...)...)
}
