// Removes the previous build but keeps dist/.gitkeep, which go:embed needs in a fresh clone.
import { rmSync } from 'node:fs'

for (const path of ['dist/assets', 'dist/index.html']) rmSync(path, { recursive: true, force: true })
