import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

// Evidence and model text is hostile: nothing may reach the DOM as markup, and only src/api may fetch.
const inert = [
  { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Evidence text is shown as text only.' },
  { selector: "MemberExpression[property.name='innerHTML']", message: 'Evidence text is shown as text only.' },
]
const noFetch = { selector: "CallExpression[callee.name='fetch']", message: 'Only src/api/client.ts talks to the program.' }
const nodeGlobals = {
  process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', document: 'readonly', window: 'readonly',
  Buffer: 'readonly', getComputedStyle: 'readonly', localStorage: 'readonly',
}

export default tseslint.config(
  { ignores: ['dist/**', '.fake/**', 'node_modules/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      'no-restricted-syntax': ['error', ...inert, noFetch],
      'max-lines': ['error', 400],
    },
  },
  { files: ['src/api/client.ts'], rules: { 'no-restricted-syntax': ['error', ...inert] } },
  { files: ['e2e/**/*.mjs', 'scripts/**/*.mjs', '*.js'], languageOptions: { globals: nodeGlobals } },
)
