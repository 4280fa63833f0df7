package parse

// minScore is the least that a format must be sure of to be tried: below it an item is registered as "no-parser", which is
// more honest than a receipt full of skipped lines.
const minScore = 30

// certain is the score that ends the search.
const certain = 100

// Detect chooses the format that fits the first bytes best, nil when none fits. At equal scores the earlier one in the list
// wins, so that the choice is the same on every laptop. head is cut to HeadBytes.
func Detect(formats []Format, head []byte, name string) Format {
	if len(head) > HeadBytes {
		head = head[:HeadBytes]
	}
	var best Format
	score := minScore - 1
	for _, f := range formats {
		if s := f.Detect(head, name); s > score {
			best, score = f, s
		}
		if score >= certain {
			break // the others cannot win; asking them all costs as much as reading a small log
		}
	}
	return best
}

// ByName finds a format by its word, nil when the list does not hold it.
func ByName(formats []Format, name string) Format {
	for _, f := range formats {
		if f.Name() == name {
			return f
		}
	}
	return nil
}
