export { gatewayComponent as default } from './component.js';
