export {
  type Bundle,
  type BundleOptions,
  bundleComponent,
  type LoadedComponent,
  loadComponent,
} from './component-file.js';
export { setOrigin } from './component-origin.js';
export type { IncomingCall, Links, OfferedProvider, OutgoingCall, RemoteProvider } from './links.js';
export { createLog, type LogOptions } from './log.js';
export { createServiceManager, type ServiceManager, type ServiceManagerOptions } from './service-manager.js';
export { formatTree } from './service-tree.js';
