// Command caseverify checks an exported case, or a need-to-know extract of one, without any secret: it derives everything
// again from the bytes and says what it checked, what it could not check, and which entry is wrong.
//
// It stands outside the product: the standard library, backend/caserecord and x/mod/sumdb are all it needs, so that anyone
// can read it in an hour and build it alone. It keeps true that without something from elsewhere (--head, --key,
// --checkpoint) its best word is "consistent with itself; signers not checked". It changes nothing and opens no other file
// than the folder's and the checkpoints named.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
