package sigma

import (
	"errors"
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"
)

// ErrCondition is the cause of every refusal of a condition.
var ErrCondition = errors.New("condition")

// parseCondition reads a condition and puts the searches in. Grammar, loosest binding first:
//
//	or      = and { "or" and }
//	and     = not { "and" not }
//	not     = "not" not | primary
//	primary = "(" or ")" | quantity "of" ( "them" | pattern ) | name
//	quantity = "all" | "any" | number
func parseCondition(s string, searches map[string]Expr) (Expr, error) {
	if len(s) > MaxConditionBytes {
		return nil, fmt.Errorf("%w is longer than %d bytes", ErrCondition, MaxConditionBytes)
	}
	tokens, err := tokenize(s)
	if err != nil {
		return nil, err
	}
	p := &conditionParser{tokens: tokens, searches: searches}
	e, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.pos < len(p.tokens) {
		return nil, fmt.Errorf("%w: %q where the end was expected", ErrCondition, p.tokens[p.pos])
	}
	return e, nil
}

func tokenize(s string) ([]string, error) {
	var out []string
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
			continue
		case c == '(' || c == ')':
			out = append(out, s[i:i+1])
			i++
		case c == '|':
			return nil, fmt.Errorf("%w: aggregation behind %q is of Sigma 1; correlations took its place", ErrCondition, "|")
		case nameByte(c):
			j := i
			for j < len(s) && nameByte(s[j]) {
				j++
			}
			out = append(out, s[i:j])
			i = j
		default:
			return nil, fmt.Errorf("%w: unexpected %q at byte %d", ErrCondition, s[i:i+1], i)
		}
		if len(out) > MaxTokens {
			return nil, fmt.Errorf("%w has more than %d words", ErrCondition, MaxTokens)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w is empty", ErrCondition)
	}
	return out, nil
}

func nameByte(c byte) bool {
	return wordByte(c) || c == '*' || c == '?' || c == '-' || c == '.'
}

type conditionParser struct {
	tokens   []string
	pos      int
	searches map[string]Expr
}

func (p *conditionParser) word(w string) bool {
	if p.pos < len(p.tokens) && strings.EqualFold(p.tokens[p.pos], w) {
		p.pos++
		return true
	}
	return false
}

func (p *conditionParser) next(want string) (string, error) {
	if p.pos >= len(p.tokens) {
		return "", fmt.Errorf("%w ends where %s was expected", ErrCondition, want)
	}
	p.pos++
	return p.tokens[p.pos-1], nil
}

func (p *conditionParser) or(depth int) (Expr, error) {
	return p.chain(depth, "or", p.and, func(x []Expr) Expr { return Or(x) })
}

func (p *conditionParser) and(depth int) (Expr, error) {
	return p.chain(depth, "and", p.not, func(x []Expr) Expr { return And(x) })
}

func (p *conditionParser) chain(depth int, op string, part func(int) (Expr, error), join func([]Expr) Expr) (Expr, error) {
	e, err := part(depth)
	if err != nil {
		return nil, err
	}
	parts := []Expr{e}
	for p.word(op) {
		if e, err = part(depth); err != nil {
			return nil, err
		}
		parts = append(parts, e)
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return join(parts), nil
}

func (p *conditionParser) not(depth int) (Expr, error) {
	if depth > MaxConditionDepth {
		return nil, fmt.Errorf("%w is nested deeper than %d", ErrCondition, MaxConditionDepth)
	}
	if p.word("not") {
		e, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return Not{e}, nil
	}
	return p.primary(depth)
}

func (p *conditionParser) primary(depth int) (Expr, error) {
	t, err := p.next("a search")
	if err != nil {
		return nil, err
	}
	if t == "(" {
		e, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.word(")") {
			return nil, fmt.Errorf("%w: a closing parenthesis is missing", ErrCondition)
		}
		return e, nil
	}
	if p.pos < len(p.tokens) && strings.EqualFold(p.tokens[p.pos], "of") {
		p.pos++
		target, err := p.next(`"them" or a pattern`)
		if err != nil {
			return nil, err
		}
		return p.quantity(strings.ToLower(t), target)
	}
	x, ok := p.searches[t]
	if !ok {
		return nil, fmt.Errorf("%w names the search %q, which the rule does not have", ErrCondition, t)
	}
	return Named{t, x}, nil
}

// quantity builds "1 of x*" and "all of them". Searches whose name begins with "_" are no part of "them".
func (p *conditionParser) quantity(how, target string) (Expr, error) {
	var names []string
	for n := range p.searches {
		if strings.EqualFold(target, "them") {
			if !strings.HasPrefix(n, "_") {
				names = append(names, n)
			}
			continue
		}
		if ok, err := path.Match(target, n); err == nil && ok {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: no search is named %q", ErrCondition, target)
	}
	parts := make([]Expr, len(names))
	for i, n := range names {
		parts[i] = Named{n, p.searches[n]}
	}
	switch how {
	case "all":
		return And(parts), nil
	case "any", "1":
		return Or(parts), nil
	}
	n, err := strconv.Atoi(how)
	if err != nil || n < 1 || n > len(parts) {
		return nil, fmt.Errorf("%w: %q of %d searches", ErrCondition, how, len(parts))
	}
	return AtLeast{n, parts}, nil
}
