package casefolder

import (
	"errors"

	"adjutant/backend/casefolder/durable"
)

// What can come of opening, making and writing a case. Test with errors.Is; the text that wraps them is for people.
var (
	ErrNotCase    = errors.New("casefolder: not a case")
	ErrExists     = errors.New("casefolder: the folder is not empty")
	ErrPassphrase = errors.New("casefolder: the passphrase opens no slot of this case")
	ErrInUse      = errors.New("casefolder: the case is open in another program")
	ErrVersion    = errors.New("casefolder: the case was made by a newer version of Adjutant")
	ErrDamaged    = errors.New("casefolder: damaged")
	ErrBroken     = errors.New("casefolder: an earlier write failed half-way; close the case and open it again")
	ErrClosed     = errors.New("casefolder: the case is closed")
	ErrTooLarge   = errors.New("casefolder: too large")
	// ErrDiskFull: nothing acknowledged is lost; make room and go on.
	ErrDiskFull = durable.ErrDiskFull
)

// Problem is something that opening found in the folder. Mended says that nothing is missing any more.
type Problem struct {
	File   string `json:"file"` // inside the case folder
	Text   string `json:"text"`
	Mended bool   `json:"mended"`
}
