// Package deps only pins modules while the tree is young; deleted before the first release.
package deps

import (
	_ "filippo.io/age"
	_ "github.com/FastFilter/xorfilter"
	_ "github.com/dgraph-io/badger/v4"
	_ "github.com/go-pdf/fpdf"
	_ "github.com/go-text/typesetting/shaping"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/klauspost/compress/zstd"
	_ "github.com/ollama/ollama/api"
	_ "github.com/rickar/cal/v2"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/secure-systems-lab/go-securesystemslib/dsse"
	_ "github.com/skip2/go-qrcode"
	_ "github.com/spf13/cobra"
	_ "github.com/valyala/fastjson"
	_ "github.com/vbauerster/mpb/v8"
	_ "github.com/wailsapp/wails/v2"
	_ "golang.org/x/crypto/hkdf"
	_ "golang.org/x/mod/sumdb/tlog"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/term"
	_ "gopkg.in/yaml.v3"
	_ "pgregory.net/rapid"
	_ "www.velocidex.com/golang/evtx"
)
