import '@fontsource-variable/source-sans-3/wght.css'
import '@fontsource-variable/source-code-pro/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import '@mantine/core/styles.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/mantine.css'
import './styles/frame.css'
import './styles/parts.css'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { setTransport } from './api/client'

async function begin() {
  // The made-up case for screenshots; the constant is folded by the build, so the product does not contain it.
  if (import.meta.env.MODE === 'fake') {
    const { fakeTransport } = await import('./api/fake')
    setTransport(fakeTransport())
  }
  const root = document.getElementById('root')
  if (root) createRoot(root).render(<App />)
}

void begin()
