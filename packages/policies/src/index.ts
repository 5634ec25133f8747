export { checkDeclarations } from './check-declarations.js';
export { type CompiledPolicies, compilePolicies } from './compile-policies.js';
export { default } from './component.js';
