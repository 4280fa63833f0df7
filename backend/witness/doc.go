// Package witness lets a time-stamping authority that this laptop cannot reach say when a case head existed.
//
// A second party's word, beside stage 9: the workbench writes Request to a file, somebody carries it to a machine with a
// connection, any RFC 3161 authority answers, the answer comes back as a file, and ReadToken says what it shows before
// an entry of the record names it. What is stamped is exactly the text
//
//	adjutant case head v1 time stamp LF
//	HEAD LF
//
// HEAD being the case head's 64 lower-case hexadecimal digits (record-format.md §6). It keeps true that a Token is only
// given out when this text was signed by a certificate that may sign time stamps and nothing else, and that what was not
// checked (a chain without roots, an answer without its request) is told as not checked.
//
// Formats: RFC 3161 with the update of RFC 5816, CMS of RFC 5652; all of it in doc/witness.md. The CMS signature is
// checked by digitorus/pkcs7, which takes any content, certificate and number of signers: form, content type, signed
// attributes, ESSCertID, key purpose, chain and nonce are checked here. It asks nobody for revocation, since there is
// no network, and reads no clock: certificates are judged at the time that the token states.
package witness
