package witness

// Bounds on answers and certificates, which come from outside.
const (
	// MaxTokenBytes bounds an answer as it lies in the file. Answers with their whole chain measure 2 to 8 KiB; base64
	// and enclosed revocation lists fit many times.
	MaxTokenBytes = 256 << 10
	// MaxCertificatesBytes bounds a file of roots or intermediates: 64 certificates of 16 KiB.
	MaxCertificatesBytes = 1 << 20

	maxRequestBytes = 4 << 10
	maxDepth        = 40     // of nesting; certificates in a token need about 15
	maxElements     = 20_000 // pieces of ASN.1; a token with five certificates has about 600
	maxCertificates = 64     // in a token and in the files given with it
	maxRSABits      = 8192   // a larger key is no real one and costs minutes to check
	maxSerialBytes  = 64     // RFC 3161 asks for readers of 160 bits
	maxNonceBytes   = 64
	maxSubject      = 300  // characters of a name kept for printing
	maxAccuracy     = 3600 // seconds; beyond that a stamp says too little to be called a time
)
