//go:build !linux

package cli

// needsDisplay: the window system is always there.
const needsDisplay = false
