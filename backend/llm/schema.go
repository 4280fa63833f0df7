package llm

import (
	"encoding/json"
	"fmt"
)

const (
	// MaxBound caps every maxLength, maxItems and repeat of a schema: over 2000 the runner dies (SIGSEGV, measured on v0.24.0).
	MaxBound = 2000
	// MaxAnswerBytes ends an answer that streams on and on.
	MaxAnswerBytes = 64 << 10
)

// boundsOK refuses a schema that could kill the runner or fetch something: a bound over MaxBound, or a $ref.
func boundsOK(schema json.RawMessage) error {
	var v any
	if err := json.Unmarshal(schema, &v); err != nil {
		return fmt.Errorf("llm: schema: %w", err)
	}
	return walkBounds(v)
}

func walkBounds(v any) error {
	switch x := v.(type) {
	case map[string]any:
		for k, c := range x {
			if k == "$ref" {
				return fmt.Errorf("llm: schema: $ref is never sent")
			}
			if n, ok := c.(float64); ok && (k == "maxLength" || k == "maxItems" || k == "minLength" || k == "minItems") && n > MaxBound {
				return fmt.Errorf("llm: schema: %s %v is over %d", k, n, MaxBound)
			}
			if err := walkBounds(c); err != nil {
				return err
			}
		}
	case []any:
		for _, c := range x {
			if err := walkBounds(c); err != nil {
				return err
			}
		}
	}
	return nil
}

type object = map[string]any

// narrativeSchema lets the model cite only the ids that it was shown, ids before text so that the text depends on them.
func narrativeSchema(ids []string, max int) json.RawMessage {
	b, err := json.Marshal(object{
		"type": "object", "required": []string{"sentences"}, "additionalProperties": false,
		"properties": object{"sentences": object{
			"type": "array", "minItems": 1, "maxItems": max,
			"items": object{
				"type": "object", "required": []string{"rows", "text"}, "additionalProperties": false,
				"properties": object{
					"rows": object{"type": "array", "minItems": 1, "maxItems": 3, "items": object{"type": "string", "enum": ids}},
					"text": object{"type": "string", "minLength": 10, "maxLength": MaxSentence},
				},
			},
		}},
	})
	if err != nil {
		panic("llm: schema of plain values cannot fail: " + err.Error())
	}
	return b
}
