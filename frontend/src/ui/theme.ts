// Mantine's theme, set so that its parts follow our tokens and axe finds nothing in them (facts/wails.md §4).
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const teal: MantineColorsTuple = ['#e8f3f3', '#d3e5e6', '#aacdcf', '#7eb3b6', '#579da1', '#3d8f94', '#2b8087', '#166c73', '#0d5f66', '#074f56']

export const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  colors: { teal },
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 5,
  fontSizes: { xs: '13px', sm: '13px', md: '14px', lg: '15px', xl: '18px' },
  headings: { fontFamily: 'var(--sans)' },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right', comboboxProps: { transitionProps: { duration: 0 } } } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Menu: { defaultProps: { transitionProps: { duration: 0 } } },
    Popover: { defaultProps: { transitionProps: { duration: 0 } } },
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 0 }, multiline: true } },
    Modal: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' }, attributes: { header: { role: 'presentation' } },
        transitionProps: { duration: 80 }, padding: 20,
      },
    },
  },
})

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#4e5b63', '--mantine-color-red-outline': '#b3151d', '--mantine-color-error': '#b3151d',
    '--mantine-color-text': '#182126', '--mantine-color-body': '#ffffff', '--mantine-color-default-border': '#aab6bd',
  },
  dark: {
    '--mantine-color-dimmed': '#a3b1b8', '--mantine-color-red-outline': '#ff8a86', '--mantine-color-error': '#ff8a86',
    '--mantine-color-text': '#e4eaec', '--mantine-color-body': '#182023', '--mantine-color-default-border': '#4d5d65',
    '--mantine-color-default': '#182023', '--mantine-color-default-hover': '#202b2f',
  },
})
