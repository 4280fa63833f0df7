package ferry

import (
	"encoding/hex"
	"math/bits"
	"math/rand/v2"
	"sort"
	"strings"
	"time"
)

// dice are the random numbers of one file. They use nothing but the 64-bit words of PCG, whose algorithm is fixed, so
// that no release of Go and no processor gives another incident.
type dice struct{ src *rand.PCG }

// newDice gives each stream (one for each file) its own numbers: a change in one file leaves the others as they were.
func newDice(seed int64, stream uint64) *dice {
	return &dice{rand.NewPCG(uint64(seed), stream*0x9e3779b97f4a7c15+1)}
}

// n is a number from 0 to limit-1.
func (d *dice) n(limit int) int {
	hi, _ := bits.Mul64(d.src.Uint64(), uint64(limit))
	return int(hi)
}

// between is a number from a to b, both included.
func (d *dice) between(a, b int) int { return a + d.n(b-a+1) }

// chance is true in percent of the throws.
func (d *dice) chance(percent int) bool { return d.n(100) < percent }

func (d *dice) bytes(n int) []byte {
	out := make([]byte, 0, n+8)
	for len(out) < n {
		v := d.src.Uint64()
		for range 8 {
			out = append(out, byte(v))
			v >>= 8
		}
	}
	return out[:n]
}

func (d *dice) hex(digits int) string { return hex.EncodeToString(d.bytes((digits + 1) / 2))[:digits] }

// id is n characters of A-Z and 2-7.
func (d *dice) id(n int) string {
	const set = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var b strings.Builder
	for range n {
		b.WriteByte(set[d.n(len(set))])
	}
	return b.String()
}

func pick[T any](d *dice, from []T) T { return from[d.n(len(from))] }

// rhythm is the share of each local hour, 0 to 23.
type rhythm [24]int

var (
	officeHours = rhythm{1, 1, 1, 1, 1, 4, 14, 40, 60, 64, 60, 52, 44, 56, 60, 54, 34, 14, 6, 4, 3, 2, 1, 1}
	serverHours = rhythm{20, 18, 16, 16, 18, 22, 30, 44, 52, 54, 52, 48, 46, 50, 52, 48, 40, 32, 28, 26, 26, 24, 22, 20}
	webHours    = rhythm{8, 5, 4, 4, 5, 9, 20, 34, 42, 44, 42, 44, 48, 44, 42, 46, 52, 56, 60, 62, 54, 40, 24, 12}
	flatHours   = rhythm{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
)

// times are n sorted moments of the window in this rhythm, to the microsecond.
func (d *dice) times(n int, r rhythm) []time.Time {
	hours := int(Last.Sub(First) / time.Hour)
	sums := make([]int, hours)
	total := 0
	for i := range hours {
		total += r[First.Add(time.Duration(i)*time.Hour).In(local).Hour()]
		sums[i] = total
	}
	out := make([]time.Time, n)
	for i := range out {
		x := d.n(total)
		h := sort.SearchInts(sums, x+1)
		out[i] = First.Add(time.Duration(h)*time.Hour + time.Duration(d.n(3_600_000_000))*time.Microsecond)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Before(out[j]) })
	return out
}

// jitter is t plus up to max.
func (d *dice) jitter(t time.Time, max time.Duration) time.Time {
	return t.Add(time.Duration(d.n(int(max/time.Microsecond))) * time.Microsecond)
}
