package cli

// needsDisplay: a window needs an X or Wayland display that the environment names.
const needsDisplay = true
