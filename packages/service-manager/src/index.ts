export {
  type Bundle,
  type BundleOptions,
  bundleComponent,
  type LoadedComponent,
  loadComponent,
} from './component-file.js';
export { createLog, type LogOptions } from './log.js';
export type { ReplacementReport } from './replacement.js';
export { createServiceManager, type ServiceManager, type ServiceManagerOptions } from './service-manager.js';
