import { Alert, type CSSVariablesResolver, createTheme, type MantineThemeOverride } from '@mantine/core';
import { accentShades } from './format/accent.js';

/** A page has one banner; the header of a dialog is none. */
const plainHeader = { header: { role: 'none' } };

/** Colours of alerts that can be read in both schemes. */
const alertInks: Record<string, string> = {
  red: 'var(--caruso-late)',
  green: 'var(--caruso-ready)',
  yellow: 'var(--caruso-waiting)',
};

/** Colour, space and type of the whole application; the one accent is the front office's own. */
export function carusoTheme(accent: string, texts: { close: string }): MantineThemeOverride {
  const dialog = {
    transitionProps: { duration: 120 },
    attributes: plainHeader,
    closeButtonProps: { 'aria-label': texts.close },
  };
  return createTheme({
    primaryColor: 'accent',
    primaryShade: 6,
    autoContrast: true,
    colors: { accent: accentShades(accent) },
    fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, monospace',
    fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
    lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
    spacing: { xs: '0.375rem', sm: '0.625rem', md: '0.875rem', lg: '1.25rem', xl: '2rem' },
    radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
    defaultRadius: 'sm',
    headings: {
      fontWeight: '600',
      sizes: {
        h1: { fontSize: '1.25rem', lineHeight: '1.35' },
        h2: { fontSize: '1rem', lineHeight: '1.4' },
        h3: { fontSize: '0.875rem', lineHeight: '1.4' },
        h4: { fontSize: '0.8125rem', lineHeight: '1.4' },
      },
    },
    focusRing: 'auto',
    respectReducedMotion: true,
    components: {
      Anchor: { defaultProps: { inherit: true } },
      Button: { defaultProps: { size: 'sm' } },
      ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
      TextInput: { defaultProps: { size: 'sm' } },
      Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
      Textarea: { defaultProps: { size: 'sm' } },
      Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
      Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
      Notification: { defaultProps: { closeButtonProps: { 'aria-label': texts.close } } },
      Modal: { defaultProps: { ...dialog, centered: true } },
      Drawer: { defaultProps: { ...dialog, position: 'right' } },
      Alert: Alert.extend({
        vars: (_theme, { color }) => {
          const ink = alertInks[color ?? ''] ?? 'var(--caruso-quiet)';
          return { root: { '--alert-color': ink, '--alert-bd': `1px solid ${ink}` } };
        },
      }),
    },
  });
}

/** Surfaces, lines and the state colours, each readable (4.5 : 1) in both schemes. */
export const carusoVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a6370',
    '--mantine-color-placeholder': '#6b7480',
    '--mantine-color-error': '#c22525',
    '--caruso-page': '#f4f6f8',
    '--caruso-surface': '#ffffff',
    '--caruso-raised': '#f8f9fb',
    '--caruso-line': '#dfe3e8',
    '--caruso-ready': '#17663a',
    '--caruso-ready-soft': '#e2f4e9',
    '--caruso-busy': '#1c538f',
    '--caruso-busy-soft': '#e3eefa',
    '--caruso-waiting': '#7a4b00',
    '--caruso-waiting-soft': '#fdf0d5',
    '--caruso-late': '#a81e1e',
    '--caruso-late-soft': '#fde6e6',
    '--caruso-quiet': '#4c5663',
    '--caruso-quiet-soft': '#e9ecf0',
    '--caruso-note-soft': '#fff8dd',
    '--caruso-note-line': '#d9b64a',
  },
  dark: {
    '--mantine-color-dimmed': '#a3abb6',
    '--mantine-color-placeholder': '#8f98a4',
    '--mantine-color-error': '#ff8f8f',
    '--mantine-color-body': '#1b1e23',
    '--caruso-page': '#14171b',
    '--caruso-surface': '#1b1e23',
    '--caruso-raised': '#22262c',
    '--caruso-line': '#343a42',
    '--caruso-ready': '#7fd8a4',
    '--caruso-ready-soft': '#173526',
    '--caruso-busy': '#92c3f5',
    '--caruso-busy-soft': '#172f49',
    '--caruso-waiting': '#f0c674',
    '--caruso-waiting-soft': '#3a2e14',
    '--caruso-late': '#ff9d9d',
    '--caruso-late-soft': '#472020',
    '--caruso-quiet': '#b4bcc7',
    '--caruso-quiet-soft': '#2b3038',
    '--caruso-note-soft': '#322c17',
    '--caruso-note-line': '#8f7a33',
  },
});
