/** Screens, views and navigation: the component, and the check of their declarations. */
export { checkDeclarations } from './check-declarations.js';
export { screensComponent as default } from './component.js';
