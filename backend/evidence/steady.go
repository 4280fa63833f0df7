package evidence

import (
	"fmt"
	"io"
	"io/fs"
	"sync"

	"adjutant/backend/parse"
)

// steady is the content of an item while it is parsed: exactly the bytes that were hashed, no more of a file that grew since,
// and it remembers where reading failed. Whatever a parser makes of that, its receipt does not look like one of the whole.
type steady struct {
	r     io.ReaderAt
	size  int64
	stat  func() (fs.FileInfo, error) // of an original that is read where it is; nil of what is sealed
	state fs.FileInfo                 // when it was hashed

	mu  sync.Mutex
	at  int64
	err error // the first fault
}

// ReadAt reads as io.ReaderAt says. An end before the end is an error.
func (s *steady) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), s.size-off)
	n, err := s.r.ReadAt(p[:want], off)
	if int64(n) < want {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		s.mu.Lock()
		if s.err == nil {
			s.at, s.err = off+int64(n), err
		}
		s.mu.Unlock()
		return n, err
	}
	if want < int64(len(p)) {
		return n, io.EOF
	}
	return n, nil
}

// fault says in words where reading failed, or "".
func (s *steady) fault() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		return ""
	}
	return fmt.Sprintf("unreadable behind byte %d of %d: %v", s.at, s.size, s.err)
}

// settle makes a parser's result one of the bytes that were hashed. When the original is another by now, nobody knows which
// of its bytes were parsed, and nothing of it may stay.
func (s *steady) settle(res parse.Result) parse.Result {
	if s.stat == nil || s.state == nil {
		return res
	}
	now, err := s.stat()
	if err != nil || now.Size() == s.state.Size() && now.ModTime().Equal(s.state.ModTime()) {
		return res // what cannot even be asked was unreadable, see fault
	}
	if res.Parsed > 0 {
		res.Skipped = append(res.Skipped, parse.Skip{Reason: "read before the item failed; dropped", Count: res.Parsed})
		res.Parsed = 0
	}
	res.Status, res.Note = parse.StatusFailed, "the file changed after it was hashed; nothing of it was kept, take it in again"
	return res
}

// doubt lowers the status of a receipt whose bytes were not all what they should be.
func (r *Receipt) doubt(why string) {
	if why != "" && (r.Status == parse.StatusOK || r.Status == parse.StatusEmpty) {
		r.Status = parse.StatusPartial
	}
}
