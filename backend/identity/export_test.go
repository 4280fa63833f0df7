package identity

// WithStep tells f after each step of a change, for tests that end the program there.
func WithStep(f func(done string)) Option { return func(o *options) { o.step = f } }

// OpenKeyBytes opens the bytes of a key file that asks for no more than the tests' work.
func OpenKeyBytes(b, pass []byte) error {
	_, err := openKey(b, pass, "fuzz", minWorkFactor)
	return err
}

// ParseSecretBytes reads what stands in a key file and writes it again.
func ParseSecretBytes(plain []byte) (Person, error) {
	s, err := parseSecret(plain)
	if err != nil {
		return Person{}, err
	}
	return s.person()
}

// ParseCardBytes reads the public part of a card.
func ParseCardBytes(b []byte) error {
	_, err := parseCard(b)
	return err
}

// SignedCardBytes is what a card's signature covers, with its domain.
func SignedCardBytes(p Person) ([]byte, error) {
	c, err := cardOf(p).encode()
	return append([]byte(cardDomain), c...), err
}

// AssembleCard puts a card together with any signature.
func AssembleCard(p Person, sig []byte) ([]byte, error) {
	c, err := cardOf(p).encode()
	return assemble(c, sig), err
}
