package workbench

import (
	"errors"

	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/caserecord/extract"
	"adjutant/backend/parcel"
)

// explainCopy is Explain for what can go wrong with copies; ok is false for everything else.
func explainCopy(err error, detail string) (f Failure, ok bool) {
	is := func(any ...error) bool {
		for _, e := range any {
			if errors.Is(err, e) {
				return true
			}
		}
		return false
	}
	switch {
	case is(parcel.ErrPassphrase):
		return Failure{CodePassphrase, "The passphrase does not open this parcel.", "Nothing was changed. Ask whoever made it, by another way than the parcel came."}, true
	case is(parcel.ErrNotForYou):
		return Failure{CodePassphrase, "This parcel is not encrypted for the key at hand.", "Name another person with --as, or ask for a parcel for your key; `identity export` writes the card with it."}, true
	case is(parcel.ErrDamaged):
		return Failure{CodeDamaged, "The parcel is damaged: " + detail + ".", "Nothing was changed. Ask for it again; a copy on another stick may be whole."}, true
	case is(parcel.ErrTooBig):
		return Failure{CodeDiskFull, "The parcel holds more than this disk takes: " + detail + ".", "Nothing was changed. Make room, or name a folder on another disk."}, true
	case is(parcel.ErrNotParcel):
		return Failure{CodeNotCase, "This is no copy of a case: " + detail + ".", "A copy is a folder or a file that `bundle export` made."}, true
	case is(parcel.ErrExists, bundle.ErrNotEmpty, extract.ErrNotEmpty):
		return Failure{CodeUsage, "Something lies at this place already: " + detail + ".", "Name a place where nothing lies yet."}, true
	case is(parcel.ErrRecipient, parcel.ErrNoRecipients):
		return Failure{CodeUsage, "For whom the parcel is encrypted is not clear: " + detail + ".", "Name a person of the case, a file with a card, an age1… key, or a signing key of 64 digits."}, true
	case is(bundle.ErrTooLarge):
		return Failure{CodeDiskFull, "The disk takes no file of this size; a FAT32 stick ends at 4 GiB.", "Format the stick as exFAT, or leave the large items out (--evidence names single ones)."}, true
	case is(bundle.ErrDiskFull):
		return Failure{CodeDiskFull, "The disk has not enough room: " + detail + ".", "Nothing was signed. Make room and do it again; what is right of a plain copy is kept."}, true
	case is(bundle.ErrSource):
		return Failure{CodeDamaged, "Something that goes along is not what the record names: " + detail + ".", "Nothing was signed. `evidence verify` says which items are altered."}, true
	case is(bundle.ErrAttachment, extract.ErrDocument, extract.ErrBounds):
		return Failure{CodeUsage, "This cannot go along: " + detail + ".", ""}, true
	case is(extract.ErrOtherHistory):
		return Failure{CodeDamaged, "A checkpoint does not fit the record: " + detail + ".", "Keep both: one of the two histories was rewritten."}, true
	case is(extract.ErrBadCheckpoint):
		return Failure{CodeUsage, "This is no signed checkpoint of the case: " + detail + ".", ""}, true
	case is(extract.ErrUnsound):
		return Failure{CodeDamaged, "The entries do not verify, so nothing was written: " + detail + ".", "`record verify` says more."}, true
	case is(ErrNoCheckpoint, extract.ErrNoCheckpoint):
		return Failure{CodeGate, "An extract needs a signed checkpoint that reaches its entries: " + detail + ".", "Checkpoints fix what a key has signed; `record checkpoint` makes one of your own."}, true
	}
	return Failure{}, false
}
