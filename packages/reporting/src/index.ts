export { checkDeclarations } from './check-declarations.js';
export { compileMetrics } from './compile-metrics.js';
export { compileReports } from './compile-reports.js';
export { compileStrategy } from './compile-strategy.js';
export { default } from './component.js';
